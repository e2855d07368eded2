// The page of the browser telephone: the buttons, and what becomes of a call.
import { Line } from "./line.js";
import { Microphone } from "./microphone.js";
import { Playout } from "./playout.js";
import { RATE } from "./mulaw.js";
import { Transcript } from "./transcript.js";

const WORDS = {
  ready: "הקו פנוי",
  dialling: "מתקשר…",
  talking: "בשיחה",
  ended: "השיחה הסתיימה",
  refused: "השיחה לא התקבלה. אפשר לנסות שוב.",
  lost: "הקשר נותק. אפשר לנסות שוב.",
  stale: "החיבור פג. צריך לטעון את הדף ולהיכנס מחדש.",
  unreachable: "השרת לא עונה.",
  deaf: "אין גישה למיקרופון. אפשר להקליד.",
  call: "להתקשר",
  hangUp: "לנתק",
};
const NORMAL = 1000;

const $ = (id) => document.getElementById(id);
const phone = $("phone");
const transcript = new Transcript($("talk"), $("outcome"), $("made"));
let call = null; // { line, context, microphone, clock }
let saying = Promise.resolve();

class Trouble extends Error {}

const show = (state, words) => {
  phone.dataset.state = state;
  $("state").textContent = words;
  $("call-words").textContent = state === "idle" ? WORDS.call : WORDS.hangUp;
  for (const field of document.querySelectorAll("[data-in-call]")) field.disabled = state !== "talking";
};

const post = async (address, fields = {}) => {
  const body = new FormData($("say"));
  body.delete("text");
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  const answer = await fetch(address, { method: "POST", body }).catch(() => null);
  if (!answer) throw new Trouble(WORDS.unreachable);
  if (answer.redirected) throw new Trouble(WORDS.stale);
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Trouble(problem.trouble ?? WORDS.stale);
};

const complain = (error) => {
  if (!(error instanceof Trouble)) throw error;
  $("trouble").textContent = error.message;
  $("trouble").hidden = false;
};

const begin = async () => {
  $("trouble").hidden = true;
  show("dialling", WORDS.dialling);
  const context = new AudioContext({ sampleRate: RATE });
  context.resume(); // within the click, or some browsers stay silent
  try {
    const ticket = await (await post(phone.dataset.call)).json();
    connect(ticket, context);
  } catch (error) {
    context.close();
    show("idle", WORDS.ready);
    complain(error);
  }
};

const connect = (ticket, context) => {
  const playout = new Playout(context, (name) => line.played(name));
  const line = new Line(ticket, {
    media: (bytes) => playout.push(bytes),
    mark: (name) => playout.mark(name),
    clear: () => playout.clear(),
    open: () => opened(ticket),
    said: (text) => transcript.says(text),
    closed: (code) => closed(code),
  });
  call = { line, context, microphone: null, clock: null };
};

const opened = (ticket) => {
  const beganAt = Date.now();
  const tell = () => {
    const seconds = Math.floor((Date.now() - beganAt) / 1000);
    $("elapsed").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  tell();
  call.clock = setInterval(tell, 1000);
  show("talking", WORDS.talking);
  const address = `${phone.dataset.calls}/${ticket.call_sid}`;
  transcript.follow(address);
  $("record").href = address;
  $("record").hidden = true;
  $("start").hidden = true;
  $("text").focus();
};

const closed = (code) => {
  const { context, microphone, clock } = call;
  clearInterval(clock);
  microphone?.close();
  context.close();
  call = null;
  const wasTalking = clock !== null;
  show("idle", wasTalking && code === NORMAL ? WORDS.ended : wasTalking ? WORDS.lost : WORDS.refused);
  $("microphone")?.setAttribute("aria-pressed", "false");
  if (!wasTalking) return;
  $("record").hidden = false;
  transcript.end();
};

const say = async (text, to) => {
  $("trouble").hidden = true;
  try {
    const sound = await (await post(phone.dataset.line, { text })).arrayBuffer();
    if (to === call) to.line.say(text, new Uint8Array(sound));
  } catch (error) {
    complain(error);
  }
};

/** One after the other: the sound of a short line is there sooner than that of a long one before it. */
const sayNext = (text) => {
  const to = call;
  saying = saying.then(() => say(text, to));
};

const listen = async () => {
  const button = $("microphone");
  if (call.microphone) {
    call.microphone.close();
    call.microphone = call.line.microphone = null;
  } else {
    try {
      call.microphone = call.line.microphone = await Microphone.open();
    } catch {
      complain(new Trouble(WORDS.deaf));
    }
  }
  button.setAttribute("aria-pressed", String(Boolean(call.microphone)));
};

$("call").addEventListener("click", () => (call ? call.line.hangUp() : phone.dataset.state === "idle" && begin()));
$("microphone")?.addEventListener("click", listen);
$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text || !call) return;
  $("text").value = "";
  sayNext(text);
});
for (const button of document.querySelectorAll("[data-example]")) {
  button.addEventListener("click", () => sayNext(button.textContent.trim()));
}
for (const button of document.querySelectorAll("[data-digit]")) {
  button.addEventListener("click", () => call?.line.press(button.dataset.digit));
}
addEventListener("pagehide", () => call?.line.hangUp());
show("idle", WORDS.ready);

// One call over the WebSocket: the messages of a Twilio media stream, with a frame of sound every 20 ms.
import { FRAME_BYTES, FRAME_MS, SILENT_FRAME, fromBase64, toBase64 } from "./mulaw.js";

const CATCH_UP_MS = 1000; // what a page that was held up sends at once; silence beyond that is left out
const MEDIA_FORMAT = { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 };

export class Line {
  /**
   * `ticket` is { call_sid, token }. `on` holds `media(bytes)`, `mark(name)`, `clear()`, `open()`, `closed(code)` and
   * `said(text)`, which is told when a typed line begins to sound.
   */
  constructor(ticket, on) {
    this.ticket = ticket;
    this.on = on;
    this.streamSid = `MZ${ticket.call_sid}`;
    this.lines = []; // typed, waiting: [{ text, frames }]
    this.frames = []; // of the line that sounds now
    this.microphone = null;
    this.count = 0;
    const address = new URL("/admin/phone", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.onopen = () => this.begin();
    this.socket.onmessage = (message) => this.take(JSON.parse(message.data));
    this.socket.onclose = (event) => this.closed(event.code);
  }

  /** Say a typed line: `mulaw` is its sound, of any length. Lines are said one after the other. */
  say(text, mulaw) {
    const frames = [];
    for (let at = 0; at < mulaw.length; at += FRAME_BYTES) {
      const frame = new Uint8Array(SILENT_FRAME);
      frame.set(mulaw.subarray(at, at + FRAME_BYTES));
      frames.push(frame);
    }
    this.lines.push({ text, frames });
  }

  press(digit) {
    this.send("dtmf", { dtmf: { track: "inbound_track", digit } });
  }

  played(name) {
    this.send("mark", { mark: { name } });
  }

  hangUp() {
    this.send("stop", { stop: { accountSid: "WEB", callSid: this.ticket.call_sid } });
    this.socket.close(1000);
  }

  begin() {
    this.socket.send(JSON.stringify({ event: "connected", protocol: "Call", version: "1.0.0" }));
    const start = {
      accountSid: "WEB",
      streamSid: this.streamSid,
      callSid: this.ticket.call_sid,
      tracks: ["inbound"],
      mediaFormat: MEDIA_FORMAT,
      customParameters: { token: this.ticket.token },
    };
    this.send("start", { start });
    this.due = performance.now();
    this.timer = setInterval(() => this.tick(), FRAME_MS);
    this.on.open();
  }

  /** Send every frame that is due by now: deadlines, so that nothing drifts. */
  tick() {
    const now = performance.now();
    this.due = Math.max(this.due, now - CATCH_UP_MS);
    for (; this.due <= now; this.due += FRAME_MS) {
      this.send("media", { media: { track: "inbound", payload: toBase64(this.nextFrame()) } });
    }
  }

  nextFrame() {
    if (!this.frames.length && this.lines.length) {
      const { text, frames } = this.lines.shift();
      this.send("simulated_speech", { text });
      this.on.said(text);
      this.frames = frames;
    }
    const heard = this.microphone?.take();
    return this.frames.shift() ?? heard ?? SILENT_FRAME;
  }

  take(message) {
    if (message.event === "media") this.on.media(fromBase64(message.media.payload));
    else if (message.event === "mark") this.on.mark(message.mark.name);
    else if (message.event === "clear") this.on.clear();
  }

  closed(code) {
    clearInterval(this.timer);
    this.on.closed(code);
  }

  send(event, body) {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.count += 1;
    const sequenceNumber = String(this.count);
    this.socket.send(JSON.stringify({ event, sequenceNumber, streamSid: this.streamSid, ...body }));
  }
}

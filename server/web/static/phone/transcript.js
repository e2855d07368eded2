// The call as the call's own page shows it, asked for again and again while it goes on.

const EVERY_MS = 1000;

export class Transcript {
  /** `place` is the list that is filled, `outcome` and `made` the elements beside it. */
  constructor(place, outcome, made) {
    this.place = place;
    this.outcome = outcome;
    this.made = made;
    this.items = new Map(); // what is shown: key → { html, node }
    this.saying = []; // typed lines that the record does not show yet
  }

  follow(address) {
    this.address = address;
    this.shown = "";
    this.items.clear();
    this.saying = [];
    this.place.replaceChildren();
    this.outcome.replaceChildren();
    this.made.replaceChildren();
    this.timer = setInterval(() => this.refresh(), EVERY_MS);
  }

  /** The call is over: once more at once, and once when the last words are stored. */
  end() {
    clearInterval(this.timer);
    this.saying = [];
    this.refresh();
    setTimeout(() => this.refresh(), EVERY_MS);
  }

  /** A typed line begins to sound: shown faintly until the record has it. */
  says(text) {
    this.saying.push({ text, after: this.heardCount() });
    this.drawSaying();
  }

  async refresh() {
    const answer = await fetch(this.address, { headers: { "X-Fragment": "1" } }).catch(() => null);
    if (!answer?.ok) return; // the network was away for a moment; the next round asks again
    const text = await answer.text();
    if (text === this.shown) return;
    this.shown = text;
    const page = new DOMParser().parseFromString(text, "text/html");
    this.outcome.replaceChildren(...page.querySelectorAll(".call-head .badge:not(.live)"));
    this.made.replaceChildren(...page.querySelectorAll(".list .row"));
    this.made.hidden = !this.made.children.length;
    this.put(page.querySelectorAll(".talk > li:not(.live)"));
  }

  /** What is the same as before stays where it is: a glow goes on, and nothing is read aloud twice. */
  put(items) {
    const before = this.items;
    this.items = new Map();
    for (const item of items) {
      const key = item.dataset.key ?? item.className;
      const old = before.get(key);
      const html = item.outerHTML;
      if (before.size && !old && item.dataset.key) item.classList.add("new");
      this.items.set(key, old?.html === html ? old : { html, node: item });
    }
    const nodes = [...this.items.values()].map(({ node }) => node);
    nodes.forEach((node, at) => {
      if (this.place.children[at] !== node) this.place.insertBefore(node, this.place.children[at] ?? null);
    });
    while (this.place.children.length > nodes.length) this.place.lastElementChild.remove();
    const count = this.heardCount();
    this.saying = this.saying.filter(({ after }) => after >= count);
    this.drawSaying();
  }

  drawSaying() {
    this.place.querySelectorAll(".saying").forEach((item) => item.remove());
    for (const { text } of this.saying) {
      const item = document.createElement("li");
      item.className = "bubble caller saying";
      const words = document.createElement("p");
      words.dir = "auto";
      words.textContent = text;
      item.append(words);
      this.place.append(item);
    }
    const last = this.made.hidden ? this.place.lastElementChild : this.made;
    last?.scrollIntoView({ block: "nearest" });
  }

  heardCount() {
    return this.place.querySelectorAll(".bubble.caller:not(.saying)").length;
  }
}

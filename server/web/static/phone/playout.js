// What the receptionist says, on its way to the loudspeaker: each frame is scheduled to begin where the one before ends.
import { RATE, decode } from "./mulaw.js";

const CUSHION_S = 0.06; // before the first frame of a stretch, so that the next ones may be late by that much

export class Playout {
  /** `context` runs at 8000 Hz, so frames join without a seam; `onPlayed(name)` is told when a mark has been reached. */
  constructor(context, onPlayed) {
    this.context = context;
    this.onPlayed = onPlayed;
    this.until = 0;
    this.scheduled = []; // [{ source, marks }], in order
  }

  push(mulaw) {
    const samples = decode(mulaw);
    const buffer = this.context.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.context.destination);
    if (this.until < this.context.currentTime) this.until = this.context.currentTime + CUSHION_S;
    const piece = { source, marks: [] };
    source.onended = () => this.ended(piece);
    source.start(this.until);
    this.until += buffer.duration;
    this.scheduled.push(piece);
  }

  /** Ask to be told when all that was pushed so far has been heard. */
  mark(name) {
    const last = this.scheduled.at(-1);
    if (last) last.marks.push(name);
    else this.onPlayed(name);
  }

  /** Be silent at once. Marks that were waiting are given back, as Twilio does. */
  clear() {
    const forgotten = this.scheduled;
    this.scheduled = [];
    this.until = 0;
    for (const { source, marks } of forgotten) {
      source.onended = null;
      source.stop();
      marks.forEach(this.onPlayed);
    }
  }

  ended(piece) {
    this.scheduled = this.scheduled.filter((other) => other !== piece);
    piece.marks.forEach(this.onPlayed);
  }
}

// Brings a microphone's sound down to 8000 samples a second, in pieces of 20 ms. Runs on the audio thread.

const RATE = 8000;
const FRAME = 160;
const LOBES = 8; // of the windowed sinc, to each side
const STEPS = 64; // of its table, between two zero crossings
const CUTOFF = 0.9; // of the new rate's half: what lies above it would come back as noise

const KERNEL = Float32Array.from({ length: LOBES * STEPS + 1 }, (_, at) => {
  const x = (at / STEPS) * Math.PI;
  const window = 0.5 + 0.5 * Math.cos(x / LOBES);
  return (x ? Math.sin(x) / x : 1) * window;
});

class TelephoneFrames extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / RATE; // samples in for one out
    this.stretch = Math.min(1, (CUTOFF * RATE) / sampleRate);
    this.reach = LOBES / this.stretch;
    this.kept = [];
    this.at = this.reach; // where in `kept` the next sample out lies
    this.frame = new Float32Array(FRAME);
    this.filled = 0;
  }

  process([input]) {
    if (input.length) this.kept.push(...input[0]);
    while (this.at + this.reach < this.kept.length) {
      this.put(this.sampleAt(this.at));
      this.at += this.step;
    }
    const gone = Math.max(0, Math.floor(this.at - this.reach));
    this.kept.splice(0, gone);
    this.at -= gone;
    return true;
  }

  sampleAt(centre) {
    let sum = 0;
    const last = Math.min(this.kept.length - 1, Math.floor(centre + this.reach));
    for (let at = Math.max(0, Math.ceil(centre - this.reach)); at <= last; at += 1) {
      sum += this.kept[at] * KERNEL[Math.round(Math.abs(at - centre) * this.stretch * STEPS)];
    }
    return sum * this.stretch;
  }

  put(sample) {
    this.frame[this.filled] = sample;
    this.filled += 1;
    if (this.filled < FRAME) return;
    this.port.postMessage(this.frame.slice());
    this.filled = 0;
  }
}

registerProcessor("telephone-frames", TelephoneFrames);

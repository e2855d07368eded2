// The owner's own voice as telephone frames. The browser asks for leave; it is asked for only when the button is pressed.
import { encode } from "./mulaw.js";

const WAITING_LIMIT = 10; // frames; two clocks never agree, and what is older than 200 ms is not worth hearing
const WISHES = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class Microphone {
  /** Rejects as `getUserMedia` does, when there is no microphone or no leave. */
  static async open() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: WISHES });
    const context = new AudioContext(); // at the device's own rate: not every browser joins two rates
    await context.audioWorklet.addModule(new URL("./microphone_worklet.js", import.meta.url));
    return new Microphone(stream, context);
  }

  constructor(stream, context) {
    this.stream = stream;
    this.context = context;
    this.waiting = [];
    const frames = new AudioWorkletNode(context, "telephone-frames", { numberOfOutputs: 0 });
    frames.port.onmessage = ({ data }) => {
      this.waiting.push(encode(data));
      if (this.waiting.length > WAITING_LIMIT) this.waiting.shift();
    };
    context.createMediaStreamSource(stream).connect(frames);
  }

  /** The next frame, or undefined when none has come. */
  take() {
    return this.waiting.shift();
  }

  close() {
    this.stream.getTracks().forEach((track) => track.stop());
    this.context.close();
  }
}

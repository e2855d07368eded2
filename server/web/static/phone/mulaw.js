// Telephone sound: µ-law after ITU-T G.711, 8000 samples a second, 160 of them in 20 ms.

export const RATE = 8000;
export const FRAME_BYTES = 160;
export const FRAME_MS = 20;
export const SILENT_FRAME = new Uint8Array(FRAME_BYTES).fill(0xff);

const BIAS = 0x84;
const CLIP = 32635;

const LEVELS = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const level = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS;
  return (bits & 0x80 ? -level : level) / 32768;
});

/** µ-law bytes to samples between -1 and 1. */
export const decode = (bytes) => Float32Array.from(bytes, (code) => LEVELS[code]);

/** Samples between -1 and 1 to µ-law bytes. */
export const encode = (samples) => Uint8Array.from(samples, (sample) => {
  const sign = sample < 0 ? 0x80 : 0;
  const level = Math.min(CLIP, Math.abs(Math.round(sample * 32768))) + BIAS;
  const exponent = 31 - Math.clz32(level) - 7;
  return ~(sign | (exponent << 4) | ((level >> (exponent + 3)) & 0x0f)) & 0xff;
});

export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

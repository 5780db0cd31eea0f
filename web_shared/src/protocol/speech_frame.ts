/** The binary frames of the extension `speech-chunks`, as docs/protocol.md has them. */

/** A part of the sound of a line. */
export interface SpeechFrame {
  /** Of the line's `audio` message. */
  readonly segment: number;
  /** Whether it is the last part. */
  readonly isLast: boolean;
  /** Samples per second. */
  readonly rate: number;
  /** Mono, -1 to 1. */
  readonly samples: Float32Array<ArrayBuffer>;
}

const HEADER_BYTES = 12;
const SPEECH = 1;
const LAST = 1;

/** Read a frame; null for one of another kind. */
export function readSpeechFrame(frame: ArrayBuffer): SpeechFrame | null {
  const view = new DataView(frame);
  if (frame.byteLength < HEADER_BYTES || view.getUint8(0) !== SPEECH) return null;
  const samples = new Float32Array((frame.byteLength - HEADER_BYTES) >> 1);
  for (let at = 0; at < samples.length; at += 1) {
    samples[at] = view.getInt16(HEADER_BYTES + 2 * at, true) / 32768;
  }
  return {
    segment: view.getUint32(4, true),
    isLast: (view.getUint8(1) & LAST) !== 0,
    rate: view.getUint32(8, true),
    samples,
  };
}

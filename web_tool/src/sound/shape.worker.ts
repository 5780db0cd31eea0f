/** Makes a WAV file and an outline of samples, off the thread of the page: minutes take a while. */

import { encodeWav } from "@open-llm-vtuber/shared/audio/wav";

import { mono } from "./mono";
import { peaksOf } from "./peaks";
import { PEAKS, type Shaped, type Shapeless } from "./shaping";

addEventListener("message", ({ data }: MessageEvent<Shapeless>) => {
  const samples = mono(data.channels);
  const shaped: Shaped = {
    wav: encodeWav(samples, data.rate),
    peaks: new Float32Array(peaksOf(samples, PEAKS)),
  };
  postMessage(shaped, { transfer: [shaped.wav, shaped.peaks.buffer] });
});

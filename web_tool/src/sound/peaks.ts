/** The outline of a sound: how far it swings in each part of it. */

/** Returns the largest absolute value of each of `count` equal parts; fewer if there are fewer samples. */
export function peaksOf(samples: Float32Array, count: number): Float32Array {
  const peaks = new Float32Array(Math.min(count, samples.length));
  peaks.forEach((_, part) => {
    const from = Math.floor((part * samples.length) / peaks.length);
    const to = Math.floor(((part + 1) * samples.length) / peaks.length);
    let peak = 0;
    for (let at = from; at < to; at += 1) peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    peaks[part] = peak;
  });
  return peaks;
}

/** Returns `peaks` in `count` parts, each with the largest that falls into it. */
export function resizedPeaks(peaks: Float32Array, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, part) => {
    const from = Math.floor((part * peaks.length) / count);
    const to = Math.max(from + 1, Math.ceil(((part + 1) * peaks.length) / count));
    return Math.max(0, ...peaks.subarray(from, to));
  });
}

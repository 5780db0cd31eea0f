/**
 * How much of what the loudspeaker plays comes back through the microphone; pure.
 *
 * What was played and what was heard are compared as the loudness of frames of 20 ms: it is the same
 * whatever a room, a loudspeaker or an echo canceller make of the sound. Other noise rises and falls
 * otherwise.
 */

export const FRAME_S = 0.02;
/** So late what was played may come back: over Bluetooth, say. */
const LATEST_S = 1.2;
/** What is quieter counts as silence. */
const SILENCE_DB = -75;
/** In a room that is as loud, nothing can be told. */
const NOISE_DB = -32;
/** From here on both rise and fall together. */
const ALIKE = 0.45;
/** So much louder than the room is what is heard at all. */
const HEARD_DB = 4;
/** An echo as loud may be taken for a voice. */
const LOUD_DB = -48;

/** `unheard`: nothing at all comes from the microphone; `noisy`: the room is too loud to tell. */
export type Verdict = "unheard" | "noisy" | "none" | "little" | "much";

export interface Echo {
  readonly verdict: Verdict;
  /** How loud the echo is, in dB of full scale; null where there is none. */
  readonly level_db: number | null;
}

/** Return how loud each frame of mono samples in -1..1 is, in dB of full scale. */
export function loudnessOf(samples: Float32Array, rate: number): number[] {
  const size = Math.max(1, Math.round(rate * FRAME_S));
  const frames: number[] = [];
  for (let at = 0; at + size <= samples.length; at += size) {
    let power = 0;
    for (const sample of samples.subarray(at, at + size)) power += sample * sample;
    frames.push(Math.max(SILENCE_DB - 30, 10 * Math.log10(power / size + 1e-12)));
  }
  return frames;
}

/**
 * Judge an echo.
 *
 * @param played the loudness of each frame that was played
 * @param quiet the same of the microphone before
 * @param heard the same of the microphone from then on
 */
export function judge(
  played: readonly number[],
  quiet: readonly number[],
  heard: readonly number[],
): Echo {
  if ([...quiet, ...heard].every((one) => one <= SILENCE_DB - 20)) {
    return { verdict: "unheard", level_db: null };
  }
  const floor_db = Math.max(SILENCE_DB, median(quiet));
  const { lag, alike } = bestLag(played, heard, floor_db);
  // The louder half of what was played, where it should be heard best.
  const loud_db = median(played);
  const returned = heard.filter((_, at) => (played[at - lag] ?? -Infinity) >= loud_db);
  const level_db = mean(returned);
  const rises_db = level_db - floor_db;
  if (alike >= ALIKE && rises_db >= HEARD_DB) {
    return { verdict: level_db >= LOUD_DB ? "much" : "little", level_db };
  }
  return { verdict: floor_db >= NOISE_DB ? "noisy" : "none", level_db: null };
}

/** Return by how many frames `heard` is late, and how alike they are then, -1 to 1. */
function bestLag(
  played: readonly number[],
  heard: readonly number[],
  floor_db: number,
): { lag: number; alike: number } {
  const before = played.map((one) => Math.max(one, SILENCE_DB + 15));
  const after = heard.map((one) => Math.max(one, floor_db));
  let best = { lag: 0, alike: -1 };
  // An echo is alike from beginning to end; a few words of somebody else are so by chance only.
  const half = Math.floor(before.length / 2);
  for (let lag = 0; lag <= Math.round(LATEST_S / FRAME_S); lag += 1) {
    const alike = Math.min(
      correlation(before.slice(0, half), after.slice(lag, lag + half)),
      correlation(before.slice(half), after.slice(lag + half, lag + before.length)),
    );
    if (alike > best.alike) best = { lag, alike };
  }
  return best;
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const count = Math.min(one.length, other.length);
  if (count < 25) return -1; // half a second tells nothing
  const [a, b] = [mean(one.slice(0, count)), mean(other.slice(0, count))];
  let [both, first, second] = [0, 0, 0];
  for (let at = 0; at < count; at += 1) {
    const [x, y] = [(one[at] ?? 0) - a, (other[at] ?? 0) - b];
    both += x * y;
    first += x * x;
    second += y * y;
  }
  return first && second ? both / Math.sqrt(first * second) : -1;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? SILENCE_DB;
}

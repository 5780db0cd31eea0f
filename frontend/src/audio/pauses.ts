/** Where the pauses in the sound of a sentence are those that its punctuation makes; pure. */

/** By the time that so many slices were voiced, so many letters have been said. */
export interface Anchor {
  readonly voiced: number;
  readonly letters: number;
}

interface Pause {
  /** So many slices are voiced before it. */
  readonly voiced: number;
  /** In slices. */
  readonly length: number;
}

/** So many slices without a voice are a pause: 0.18 s. */
const LEAST = 9;
/** So far from where its letters put it, as a share of all, a pause may be that of a mark. */
const REACH = 0.12;
/** What a slice more of a pause weighs against being nearer. */
const LONGER = 0.004;

/**
 * Return what is known of a sentence whose sound is all there, from its beginning to its end.
 *
 * @param voiced how many slices are voiced up to the end of each
 * @param marks how many letters stand before each mark of punctuation within it
 * @param letters how many there are in all
 */
export function anchorsOf(
  voiced: Float32Array,
  marks: readonly number[],
  letters: number,
): Anchor[] {
  const all = voiced.at(-1) ?? 0;
  const anchors: Anchor[] = [{ voiced: 0, letters: 0 }];
  let pauses = pausesOf(voiced);
  for (const mark of marks) {
    const distance = (pause: Pause): number => Math.abs(pause.voiced / all - mark / letters);
    const cost = (pause: Pause): number => distance(pause) - LONGER * pause.length;
    const near = pauses.filter((pause) => distance(pause) < REACH);
    const [pause] = near.sort((one, other) => cost(one) - cost(other));
    if (!pause) continue;
    anchors.push({ voiced: pause.voiced, letters: mark });
    pauses = pauses.filter((other) => other.voiced > pause.voiced);
  }
  return [...anchors, { voiced: all, letters }];
}

/** Return how many letters have been said when so many slices were voiced. */
export function lettersAt(voiced: number, anchors: readonly Anchor[]): number {
  const next = anchors.findIndex((anchor) => anchor.voiced >= voiced);
  const [before, after] = [anchors[next - 1], anchors[next]];
  if (!before || !after) return after?.letters ?? 0;
  const share = (voiced - before.voiced) / (after.voiced - before.voiced);
  return before.letters + share * (after.letters - before.letters);
}

/** Return the pauses between the first voice and the last. */
function pausesOf(voiced: Float32Array): Pause[] {
  const pauses: Pause[] = [];
  let length = 0;
  voiced.forEach((sum, at) => {
    const before = voiced[at - 1] ?? 0;
    if (sum === before) return void (length += 1);
    if (before && length >= LEAST) pauses.push({ voiced: before, length });
    length = 0;
  });
  return pauses;
}

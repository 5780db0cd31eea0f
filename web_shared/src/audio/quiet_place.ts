/** Where speech that is broken off is best begun again: pure. */

const HOP_S = 0.01;
/** Between words it is this much softer than they are. */
const QUIET = 0.15;

/**
 * Return where in some sound to begin again that was broken off at its end: behind the last quiet
 * place, or where it is softest if there is none.
 *
 * @param samples mono, of `rate` a second
 */
export function quietPlace(samples: Float32Array, rate: number): number {
  const hop = Math.max(1, Math.round(HOP_S * rate));
  const levels: number[] = []; // the last comes first
  for (let from = samples.length - hop; from >= 0; from -= hop) {
    const energy = samples.subarray(from, from + hop).reduce((sum, one) => sum + one * one, 0);
    levels.push(Math.sqrt(energy / hop));
  }
  const loudest = Math.max(0, ...levels);
  const quiet = levels.findIndex((level) => level <= QUIET * loudest);
  const back = quiet >= 0 ? quiet : levels.indexOf(Math.min(...levels)) + 1;
  return samples.length - back * hop;
}

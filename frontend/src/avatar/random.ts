/** Chance, from a seed, so that a character's life can be lived twice. */

/** Returns the next number, 0 <= number < 1. */
export type Random = () => number;

/** Return the generator mulberry32 (Tommy Ettinger, 2017, public domain). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** Return one of the names, as often as its weight says; undefined if no weight is above 0. */
export function weighted(
  random: Random,
  weights: Readonly<Record<string, number>>,
): string | undefined {
  const entries = Object.entries(weights).filter(([, weight]) => weight > 0);
  let rest = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    rest -= weight;
    if (rest < 0) return name;
  }
  return entries.at(-1)?.[0];
}

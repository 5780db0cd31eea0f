/** Which motion answers a tap. */

import type { TapMotions } from "./model_info";
import { weighted, type Random } from "./random";

/**
 * Return the motion group for a tap on `areas`, chosen by the weights of the first area that has
 * some; an area that is not listed draws from all areas' weights together. Undefined without any.
 */
export function motionOfTap(
  areas: readonly string[],
  motions: TapMotions,
  random: Random,
): string | undefined {
  if (areas.length === 0) return undefined;
  const listed = areas.find((area) => motions[area]);
  return weighted(random, (listed !== undefined && motions[listed]) || together(motions));
}

function together(motions: TapMotions): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const weights of Object.values(motions)) {
    for (const [group, weight] of Object.entries(weights)) {
      sums[group] = (sums[group] ?? 0) + weight;
    }
  }
  return sums;
}

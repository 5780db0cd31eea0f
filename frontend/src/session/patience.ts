/** How patiently she waits in a pause before she answers, in words, as the pause that stands for it. */

export const PATIENCE = ["quick", "normal", "calm"] as const;
export type Patience = (typeof PATIENCE)[number];

/** Of a pause of which nothing is known, in ms; what was said makes it shorter or longer. */
const PAUSES_MS = { quick: 500, normal: null, calm: 1300 } as const;
/** A pause is called quick below the first of these, and calm from the second on. */
const QUICK_MS = 650;
const CALM_MS = 1000;

export function pauseOf(patience: Patience): number | null {
  return PAUSES_MS[patience];
}

/** The word for a pause, whichever it is; null, as conf.yaml has it, is normal. */
export function patienceOf(pauseMs: number | null): Patience {
  if (pauseMs === null) return "normal";
  if (pauseMs < QUICK_MS) return "quick";
  return pauseMs < CALM_MS ? "normal" : "calm";
}

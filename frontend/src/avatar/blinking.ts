/** Blinks as people do: at odd times, faster shut than open, sometimes twice. */

import { smooth } from "./curves";
import { between, type Random } from "./random";
import type { Mood } from "./types";

const SHUTTING_S = 0.07;
const SHUT_S = 0.04;
const OPENING_S = 0.14;
const WHOLE_S = SHUTTING_S + SHUT_S + OPENING_S;
/** A second blink begins this long after the first has ended. */
const AGAIN_S = 0.08;
const TWICE = 0.15;

/**
 * Seconds from blink to blink, shortest and longest, by mood. People blink more often in
 * conversation than at rest, and least when they attend to something (A. R. Bentivoglio et al.,
 * "Analysis of blink rate patterns in normal subjects", Movement Disorders 12, 1997: means of 26, 17
 * and 4.5 a minute in conversation, at rest, and reading).
 */
const PAUSES_S: Readonly<Record<Mood, readonly [number, number]>> = {
  idle: [1.8, 5.5],
  listening: [2.5, 7],
  thinking: [1.5, 5],
  speaking: [1.2, 4],
};

export class Blinking {
  /** How far the lids are open, 0..1, as a part of what they would be. */
  open = 1;
  private until_s: number;
  /** Time since the blink began; null between blinks. */
  private time_s: number | null = null;
  private second = false;

  constructor(private readonly random: Random) {
    this.until_s = between(random, 0.8, 3);
  }

  step(mood: Mood, dt_s: number): void {
    if (this.time_s === null) {
      this.until_s -= dt_s;
      if (this.until_s > 0) return;
      this.time_s = 0;
    }
    this.time_s += dt_s;
    this.open = lids(this.time_s);
    if (this.time_s < WHOLE_S) return;
    this.time_s = null;
    this.open = 1;
    this.second = !this.second && this.random() < TWICE;
    this.until_s = this.second ? AGAIN_S : between(this.random, ...PAUSES_S[mood]);
  }
}

function lids(time_s: number): number {
  if (time_s < SHUTTING_S) return 1 - smooth(time_s / SHUTTING_S);
  return smooth((time_s - SHUTTING_S - SHUT_S) / OPENING_S);
}

/** Where she looks: after the pointer or ahead, with the small jumps that living eyes make. */

import { between, type Random } from "./random";
import { Follower } from "./springs";
import type { Mood } from "./types";

/** Jumps of the eyes: how far, of their whole way, and how long they stay, in seconds. */
interface Restlessness {
  readonly small: number;
  /** How often a jump is a glance, and how far that goes. */
  readonly glances: number;
  readonly far: number;
  readonly stay_s: readonly [number, number];
}

const RESTLESSNESS: Readonly<Record<Mood, Restlessness>> = {
  idle: { small: 0.07, glances: 0.15, far: 0.35, stay_s: [0.5, 2.6] },
  listening: { small: 0.04, glances: 0.04, far: 0.15, stay_s: [0.6, 2.2] },
  thinking: { small: 0.1, glances: 0.3, far: 0.3, stay_s: [0.4, 1.6] },
  speaking: { small: 0.06, glances: 0.12, far: 0.3, stay_s: [0.4, 2] },
};
/** A saccade is over in some 40 ms; the pointer is followed calmly, by the head more calmly. */
const SACCADE = 70;
/** What does not move any more is of no interest after a while. */
const INTEREST_S = 8;
const EYES = 16;
const HEAD = 5;

export class Gaze {
  /** Of the eyes, and of the head; -1..1, right and up. */
  eyeX = 0;
  eyeY = 0;
  headX = 0;
  headY = 0;
  private targetX = 0;
  private targetY = 0;
  private jumpX = 0;
  private jumpY = 0;
  private stay_s = 1;
  private interest_s = 0;
  private readonly eyes = [new Follower(EYES), new Follower(EYES)] as const;
  private readonly head = [new Follower(HEAD), new Follower(HEAD)] as const;
  private readonly jumps = [new Follower(SACCADE), new Follower(SACCADE)] as const;

  constructor(private readonly random: Random) {}

  /** Look at a place, -1..1 right and up; 0, 0 is ahead. */
  aim(x: number, y: number): void {
    this.targetX = Math.max(-1, Math.min(1, x));
    this.targetY = Math.max(-1, Math.min(1, y));
    this.interest_s = INTEREST_S;
  }

  step(mood: Mood, dt_s: number): void {
    this.interest_s -= dt_s;
    if (this.interest_s <= 0) this.targetX = this.targetY = 0;
    this.stay_s -= dt_s;
    if (this.stay_s <= 0) this.jump(RESTLESSNESS[mood]);
    this.headX = this.head[0].step(this.targetX, dt_s);
    this.headY = this.head[1].step(this.targetY, dt_s);
    const jumpX = this.jumps[0].step(this.jumpX, dt_s);
    const jumpY = this.jumps[1].step(this.jumpY, dt_s);
    this.eyeX = this.eyes[0].step(this.targetX, dt_s) + jumpX;
    this.eyeY = this.eyes[1].step(this.targetY, dt_s) + jumpY;
  }

  private jump({ small, glances, far, stay_s }: Restlessness): void {
    const reach = this.random() < glances ? far : small;
    this.jumpX = between(this.random, -reach, reach);
    this.jumpY = between(this.random, -reach, reach) * 0.6;
    this.stay_s = between(this.random, ...stay_s);
  }
}

/** Springs: one that arrives without swinging, and one that swings; both stable at any time step. */

/** Follows a target as a critically damped spring; solved exactly, whatever the step. */
export class Follower {
  private velocity = 0;

  /** `quickness` in 1/s: about 5 / quickness seconds until it has arrived. */
  constructor(
    private readonly quickness: number,
    public value = 0,
  ) {}

  step(target: number, dt_s: number): number {
    const offset = this.value - target;
    const push = (this.velocity + this.quickness * offset) * dt_s;
    const decay = Math.exp(-this.quickness * dt_s);
    this.velocity = (this.velocity - this.quickness * push) * decay;
    this.value = target + (offset + push) * decay;
    return this.value;
  }
}

/** Sub-steps of a frame, seconds. */
const STEP_S = 1 / 120;
/** What is left of a longer pause is skipped. */
const LONGEST_S = 0.5;

/**
 * A damped spring, x'' = w^2 (target - x) - 2 z w x', advanced by fixed sub-steps.
 *
 * Each sub-step multiplies (x - target, x') by the matrix exponential of the equation, which is
 * exact for a target at rest; the target is drawn straight from its value in the frame before to
 * the one of this frame. So it neither blows up nor swings differently at a low frame rate.
 */
export class Spring {
  value = 0;
  private velocity = 0;
  private from = 0;
  private owed_s = 0;
  private readonly xx: number;
  private readonly xv: number;
  private readonly vx: number;
  private readonly vv: number;

  /** `damping` is the damping ratio, 0..1. */
  constructor(frequency_hz: number, damping: number) {
    const w = 2 * Math.PI * frequency_hz;
    const shrink = Math.exp(-damping * w * STEP_S);
    const swing = w * Math.sqrt(Math.max(0, 1 - damping * damping));
    const critical = swing * STEP_S < 1e-4;
    const cos = critical ? 1 : Math.cos(swing * STEP_S);
    const sin = critical ? STEP_S : Math.sin(swing * STEP_S) / swing;
    this.xx = shrink * (cos + damping * w * sin);
    this.xv = shrink * sin;
    this.vx = -shrink * w * w * sin;
    this.vv = shrink * (cos - damping * w * sin);
  }

  step(target: number, dt_s: number): number {
    this.owed_s += Math.min(dt_s, LONGEST_S);
    const steps = Math.floor(this.owed_s / STEP_S + 1e-6); // a frame of 1/30 s is four of them
    if (steps === 0) return this.value;
    this.owed_s -= steps * STEP_S;
    for (let i = 1; i <= steps; i++) {
      const now = this.from + ((target - this.from) * i) / steps;
      const offset = this.value - now;
      this.value = now + this.xx * offset + this.xv * this.velocity;
      this.velocity = this.vx * offset + this.vv * this.velocity;
    }
    this.from = target;
    return this.value;
  }
}

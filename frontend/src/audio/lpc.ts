/** Linear prediction: the resonances of a vocal tract from a short piece of voice. */

/** What a piece of voice was filtered by. */
export interface Resonance {
  frequency_hz: number;
  bandwidth_hz: number;
}

const MOST_ROUNDS = 60;
const PRECISE = 1e-7;

/**
 * Estimates resonances (formants): linear prediction by autocorrelation and the Levinson-Durbin
 * recursion, then the roots of the predictor's polynomial (J. D. Markel, A. H. Gray, "Linear
 * Prediction of Speech", 1976). Everything is kept in arrays made once.
 */
export class LinearPrediction {
  /** As many as the last `analyse` found, ascending. */
  readonly resonances: Resonance[] = [];
  private readonly correlation: Float64Array;
  private readonly coefficients: Float64Array;
  private readonly previous: Float64Array;
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(
    private readonly order: number,
    private readonly rate: number,
  ) {
    this.correlation = new Float64Array(order + 1);
    this.coefficients = new Float64Array(order + 1);
    this.previous = new Float64Array(order + 1);
    this.re = new Float64Array(order);
    this.im = new Float64Array(order);
  }

  /** Find the resonances of a windowed piece, narrower than `widest_hz`. */
  analyse(samples: Float32Array, widest_hz: number): void {
    this.resonances.length = 0;
    if (!this.predict(samples)) return;
    this.solve();
    for (let i = 0; i < this.order; i++) {
      const [re, im] = [this.re[i] as number, this.im[i] as number];
      if (im <= 0) continue;
      const frequency_hz = (Math.atan2(im, re) * this.rate) / (2 * Math.PI);
      const bandwidth_hz = (-Math.log(Math.hypot(re, im)) * this.rate) / Math.PI;
      if (bandwidth_hz < widest_hz) this.resonances.push({ frequency_hz, bandwidth_hz });
    }
    this.resonances.sort((a, b) => a.frequency_hz - b.frequency_hz);
  }

  /** Levinson-Durbin; false for silence. */
  private predict(samples: Float32Array): boolean {
    const { order, correlation: r, coefficients: a, previous } = this;
    for (let lag = 0; lag <= order; lag++) {
      let sum = 0;
      for (let n = lag; n < samples.length; n++) {
        sum += (samples[n] as number) * (samples[n - lag] as number);
      }
      r[lag] = sum;
    }
    let error = (r[0] as number) * (1 + 1e-9);
    if (error <= 1e-12) return false;
    a.fill(0);
    a[0] = 1;
    for (let i = 1; i <= order; i++) {
      let sum = r[i] as number;
      for (let j = 1; j < i; j++) sum += (a[j] as number) * (r[i - j] as number);
      const reflection = -sum / error;
      previous.set(a);
      for (let j = 1; j < i; j++) {
        a[j] = (previous[j] as number) + reflection * (previous[i - j] as number);
      }
      a[i] = reflection;
      error *= 1 - reflection * reflection;
      if (error <= 0) return false;
    }
    return true;
  }

  /** All roots at once, after Durand and Kerner, of z^n + a1 z^(n-1) + ... + an. */
  private solve(): void {
    const { order, coefficients: a, re, im } = this;
    for (let i = 0; i < order; i++) {
      const angle = (2 * Math.PI * (i + 0.35)) / order;
      re[i] = 0.9 * Math.cos(angle);
      im[i] = 0.9 * Math.sin(angle);
    }
    for (let round = 0; round < MOST_ROUNDS; round++) {
      let change = 0;
      for (let i = 0; i < order; i++) {
        const [x, y] = [re[i] as number, im[i] as number];
        let [pr, pi] = [1, 0];
        for (let k = 1; k <= order; k++) {
          const next = pr * x - pi * y + (a[k] as number);
          pi = pr * y + pi * x;
          pr = next;
        }
        let [qr, qi] = [1, 0];
        for (let j = 0; j < order; j++) {
          if (j === i) continue;
          const [dx, dy] = [x - (re[j] as number), y - (im[j] as number)];
          const next = qr * dx - qi * dy;
          qi = qr * dy + qi * dx;
          qr = next;
        }
        const size = qr * qr + qi * qi;
        if (size < 1e-30) continue;
        const stepX = (pr * qr + pi * qi) / size;
        const stepY = (pi * qr - pr * qi) / size;
        re[i] = x - stepX;
        im[i] = y - stepY;
        change = Math.max(change, Math.abs(stepX), Math.abs(stepY));
      }
      if (change < PRECISE) break;
    }
  }
}

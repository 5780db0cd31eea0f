/** Shapes of the mouth from the sound of a voice. */

import { LinearPrediction, type Resonance } from "./lpc";

/** The shape of a mouth, each 0..1: how far open, how spread (I, E), how rounded (O, U). */
export interface Mouth {
  open: number;
  wide: number;
  round: number;
}

const HOP_S = 0.01;
const WINDOW_S = 0.028;
/** Formants are looked for up to half of this rate, or a little more. */
const SPEECH_RATE = 8000;
/** A resonance that is broader than this is none of a vowel. */
const WIDEST_HZ = 500;

/** How far below the loudest passages the mouth is closed, dB. */
const RANGE_DB = 28;
/** Silence for any voice, and what the loudest passages of even the softest voice reach. */
const FAINT_DB = -45;
const SOFTEST_DB = -38;
/** So much of a voice tells how loud it is. */
const EARLY_S = 1;
/** Thumps and breath on a microphone are below this. */
const RUMBLE_HZ = 120;
/** The level that the loudest passages are measured by: this share of the voice is softer. */
const LOUD_SHARE = 0.9;

/**
 * Asked for times in a sound, gives the shape of the mouth there. The sound may still be growing.
 *
 * How far it opens: by the level of some 30 ms, compared with the loudest passages of the same
 * sound, and by the first formant, which rises as the jaw falls. How spread or rounded it is: by the
 * second formant, which is high for I and E and low for O and U. (G. E. Peterson, H. L. Barney,
 * "Control methods used in a study of the vowels", J. Acoust. Soc. Am. 24, 1952.) A hiss, which is
 * known by its high mean frequency, leaves the teeth almost closed.
 */
export class LipSync {
  private rate = 0;
  /** What is there of the sound, and room for more. */
  private samples = new Float32Array();
  private length = 0;
  private isComplete = false;
  /** So many hops are surveyed: all that are whole, and at the end the last one. */
  private hops = 0;
  /** Level of each hop, dB of full scale, and mean frequency, Hz. */
  private levels = new Float32Array();
  private pitches = new Float32Array();
  /** open, wide, round of each hop; NaN until it is asked for. */
  private shapes = new Float32Array();
  /** The last sample that was surveyed, and what it was without rumble. */
  private before = 0;
  private clean = 0;
  private loud_db = SOFTEST_DB;
  private step = 1;
  private kernel = new Float32Array();
  private piece = new Float32Array();
  private prediction: LinearPrediction | undefined;

  /** @param usual_db `loudest_db` of what the same voice said before, if that is known */
  constructor(private readonly usual_db?: number) {}

  /** Take the next samples: mono, -1..1, `rate` in Hz, which is the same for all. */
  append(samples: Float32Array, rate: number): void {
    if (!this.rate) this.prepare(rate);
    this.samples = roomy(this.samples, this.length, this.length + samples.length, 0);
    this.samples.set(samples, this.length);
    this.length += samples.length;
    this.survey(Math.floor(this.length / (rate * HOP_S)));
  }

  /** There is no more of the sound. */
  end(): void {
    this.isComplete = true;
    if (this.rate) this.survey(Math.ceil(this.length / (this.rate * HOP_S)));
  }

  /** The level of the loudest passages, dB of full scale, of a sound that is complete. */
  get loudest_db(): number | undefined {
    return this.isComplete && this.hops ? this.loud_db : undefined;
  }

  /** Return the shape at a time of the sound, in seconds; closed outside of it. */
  at(time_s: number): Mouth {
    const mouth = { open: 0, wide: 0, round: 0 };
    // Smoothed by a quadratic B-spline over three hops: formants jump, lips do not.
    const place = time_s / HOP_S - 0.5;
    const middle = Math.round(place);
    const off = place - middle;
    this.mix(mouth, middle - 1, 0.5 * (0.5 - off) ** 2);
    this.mix(mouth, middle, 0.75 - off * off);
    this.mix(mouth, middle + 1, 0.5 * (0.5 + off) ** 2);
    return mouth;
  }

  private mix(mouth: Mouth, hop: number, weight: number): void {
    if (hop < 0 || hop >= this.hops) return;
    if (Number.isNaN(this.shapes[3 * hop])) this.analyse(hop);
    mouth.open += weight * (this.shapes[3 * hop] as number);
    mouth.wide += weight * (this.shapes[3 * hop + 1] as number);
    mouth.round += weight * (this.shapes[3 * hop + 2] as number);
    // What comes next is a part of what surrounds the last hops.
    if (!this.isComplete && hop + 2 >= this.hops) this.shapes[3 * hop] = NaN;
  }

  private prepare(rate: number): void {
    this.rate = rate;
    this.step = Math.max(1, Math.floor(rate / SPEECH_RATE));
    const slow = rate / this.step;
    this.kernel = lowPass(this.step);
    this.piece = new Float32Array(Math.round(WINDOW_S * slow));
    this.prediction = new LinearPrediction(Math.round(slow / 1000) + 2, slow);
  }

  /** Find level, without rumble, and mean frequency of the hops up to `hops`, in one pass. */
  private survey(hops: number): void {
    const { samples, rate, length } = this;
    this.levels = roomy(this.levels, this.hops, hops, 0);
    this.pitches = roomy(this.pitches, this.hops, hops, 0);
    this.shapes = roomy(this.shapes, 3 * this.hops, 3 * hops, NaN);
    const keep = Math.exp((-2 * Math.PI * RUMBLE_HZ) / rate);
    for (; this.hops < hops; this.hops++) {
      const from = Math.floor(this.hops * HOP_S * rate);
      const to = Math.min(length, Math.floor((this.hops + 1) * HOP_S * rate));
      let energy = 1e-12;
      let changes = 0;
      for (let n = from; n < to; n++) {
        const sample = samples[n] as number;
        const cleaner = keep * (this.clean + sample - this.before);
        energy += cleaner * cleaner;
        changes += (cleaner - this.clean) ** 2;
        this.before = sample;
        this.clean = cleaner;
      }
      this.levels[this.hops] = 10 * Math.log10(energy / Math.max(1, to - from));
      // The first coefficient of the autocorrelation is the cosine of the mean frequency.
      const cosine = Math.max(-1, Math.min(1, 1 - changes / (2 * energy)));
      this.pitches[this.hops] = (Math.acos(cosine) * rate) / (2 * Math.PI);
    }
    this.loud_db = this.loudest();
  }

  /** The level of the loudest passages, of what can be heard at all. */
  private loudest(): number {
    const heard = this.levels
      .subarray(0, this.hops)
      .filter((level) => level > FAINT_DB)
      .sort();
    const level = heard[Math.floor(heard.length * LOUD_SHARE)] ?? FAINT_DB;
    // A sound may begin softly; how loud the voice is by and by is known from before.
    const isEarly = !this.isComplete && heard.length * HOP_S < EARLY_S;
    return Math.max(level, (isEarly && this.usual_db) || SOFTEST_DB, SOFTEST_DB);
  }

  private analyse(hop: number): void {
    const around = [hop - 1, hop, hop + 1].filter((one) => one >= 0 && one < this.hops);
    const mean = (of: Float32Array): number =>
      around.reduce((sum, one) => sum + (of[one] as number), 0) / around.length;
    const level = mean(this.levels);
    const audible = clamp01((level - FAINT_DB) / (SOFTEST_DB - FAINT_DB));
    const loudness = audible * clamp01((level - this.loud_db) / RANGE_DB + 1);
    let [open, wide, round] = [0, 0, 0];
    if (loudness > 0 && this.prediction) {
      const hiss = clamp01((mean(this.pitches) - HISS_HZ[0]) / (HISS_HZ[1] - HISS_HZ[0]));
      this.cut(hop);
      this.prediction.analyse(this.piece, WIDEST_HZ);
      const vowel = shapeOf(this.prediction.resonances);
      const voiced = clamp01(loudness * 1.5);
      open = loudness * (vowel.open * (1 - hiss) + HISS_OPEN * hiss);
      wide = voiced * (vowel.wide * (1 - hiss) + HISS_WIDE * hiss);
      round = voiced * vowel.round * (1 - hiss);
    }
    this.shapes.set([open, wide, round], 3 * hop);
  }

  /** Put the window around a hop into `piece`: low-passed, thinned out, brightened, tapered. */
  private cut(hop: number): void {
    const { samples, length, kernel, piece, step } = this;
    const reach = (kernel.length - 1) / 2;
    const start = Math.round((hop + 0.5) * HOP_S * this.rate - (piece.length * step) / 2);
    let before = 0;
    for (let n = -1; n < piece.length; n++) {
      let now = 0;
      const from = start + n * step - reach;
      for (let k = 0; k < kernel.length; k++) {
        const at = from + k;
        if (at >= 0 && at < length) now += (kernel[k] as number) * (samples[at] as number);
      }
      // Voices lose some 6 dB an octave, which pre-emphasis gives back.
      const taper = 0.54 - 0.46 * Math.cos((2 * Math.PI * (n + 0.5)) / piece.length);
      if (n >= 0) piece[n] = taper * (now - 0.95 * before);
      before = now;
    }
  }
}

/** Where the mean frequency of a sound begins to be, and is, that of a hiss. */
const HISS_HZ = [2200, 3400] as const;
const HISS_OPEN = 0.15;
const HISS_WIDE = 0.4;

/** The shape of the mouth of a vowel with these resonances, as if it were loud. */
function shapeOf(resonances: readonly Resonance[]): Mouth {
  const [f1, f2] = formants(resonances);
  const fall = clamp01((f1 - 280) / 450);
  // Close vowels are rounded although many languages say their U further to the front.
  const close = clamp01((520 - f1) / 150);
  const front = clamp01((f2 - 1500 - 250 * close) / 600);
  const back = clamp01((1350 + 450 * close - f2) / 400);
  return {
    open: 0.3 * clamp01((f1 - 150) / 130) + 0.7 * fall, // a murmur with closed lips is lowest
    wide: front * (1 - 0.5 * fall),
    round: back * (1 - clamp01((f1 - 560) / 200)),
  };
}

/** Choose the first two formants, Hz; the harmonics of a high voice are easily taken for some. */
function formants(resonances: readonly Resonance[]): readonly [number, number] {
  let at = resonances.findIndex((one) => one.frequency_hz > 150 && one.frequency_hz < 1100);
  let first = resonances[at];
  const second = resonances[at + 1];
  let f1 = first?.frequency_hz ?? NEUTRAL_HZ[0];
  if (first && second && second.frequency_hz - f1 < 350) {
    if (f1 < 350) {
      first = second; // the fundamental, below the first formant
      f1 = first.frequency_hz;
      at++;
    } else if (f1 < 650 && first.bandwidth_hz + second.bandwidth_hz > 450) {
      // Two harmonics, blurred, on the slopes of one formant.
      const share = second.bandwidth_hz / (first.bandwidth_hz + second.bandwidth_hz);
      f1 = f1 * share + second.frequency_hz * (1 - share);
      at++;
    }
  }
  const lowest = Math.max(f1 + 120, 500);
  const above = resonances.find((one, i) => i > at && one.frequency_hz > lowest);
  return [f1, above?.frequency_hz ?? NEUTRAL_HZ[1]];
}

/** The formants of a mouth that does nothing in particular. */
const NEUTRAL_HZ = [450, 1550] as const;

/** Return `array`, or a larger one with the same first `kept` values, that has room for `wanted`. */
function roomy(
  array: Float32Array<ArrayBuffer>,
  kept: number,
  wanted: number,
  filling: number,
): Float32Array<ArrayBuffer> {
  if (wanted <= array.length) return array;
  const larger = new Float32Array(Math.max(wanted, 2 * array.length)).fill(filling);
  larger.set(array.subarray(0, kept));
  return larger;
}

function clamp01(value: number): number {
  return Math.max(0, Math.min(1, value));
}

/** A low pass for taking each `step`th sample: a sinc under a Hann window. */
function lowPass(step: number): Float32Array<ArrayBuffer> {
  const reach = step === 1 ? 0 : 5 * step;
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const x = (i - reach) / step;
    const sinc = x === 0 ? 1 : Math.sin(0.9 * Math.PI * x) / (0.9 * Math.PI * x);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * (i - reach)) / (reach + 1)));
  });
  const sum = kernel.reduce((total, value) => total + value, 0);
  return kernel.map((value) => value / sum);
}

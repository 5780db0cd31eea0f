/** Vowels made of a buzz and the resonances of a throat, for voices of several sizes. */

/** Men's, women's and children's. */
export type Speaker = "man" | "woman" | "child";
export type Vowel = "a" | "i" | "u" | "e" | "o";

/**
 * F1, F2, F3 in Hz, means of 76 speakers of American English: G. E. Peterson, H. L. Barney, "Control
 * methods used in a study of the vowels", J. Acoust. Soc. Am. 24 (1952), table II; the vowels of hod,
 * heed, who'd, head and hawed.
 */
export const FORMANTS: Readonly<
  Record<Speaker, Readonly<Record<Vowel, readonly [number, number, number]>>>
> = {
  man: {
    a: [730, 1090, 2440],
    i: [270, 2290, 3010],
    u: [300, 870, 2240],
    e: [530, 1840, 2480],
    o: [570, 840, 2410],
  },
  woman: {
    a: [850, 1220, 2810],
    i: [310, 2790, 3310],
    u: [370, 950, 2670],
    e: [610, 2330, 2990],
    o: [590, 920, 2710],
  },
  child: {
    a: [1030, 1370, 3170],
    i: [370, 3200, 3730],
    u: [430, 1170, 3260],
    e: [690, 2610, 3570],
    o: [680, 1060, 3180],
  },
};

const PITCH_HZ: Readonly<Record<Speaker, number>> = { man: 130, woman: 220, child: 265 };
const BANDWIDTHS_HZ = [60, 90, 150] as const;

/**
 * Return a vowel: a train of impulses, smoothed as the glottis does, through resonators in cascade and
 * the lips' radiation, as in D. H. Klatt, "Software for a cascade/parallel formant synthesizer", J.
 * Acoust. Soc. Am. 67 (1980). Its loudest sample is 0.5.
 */
export function vowel(speaker: Speaker, name: Vowel, seconds: number, rate: number): Float32Array {
  let sound = new Float32Array(Math.round(seconds * rate));
  let phase = 0;
  for (let n = 0; n < sound.length; n++) {
    // A voice is never quite steady.
    phase += (PITCH_HZ[speaker] * (1 + 0.02 * Math.sin((2 * Math.PI * 5 * n) / rate))) / rate;
    if (phase >= 1) sound[n] = 1;
    phase %= 1;
  }
  sound = resonator(sound, 0, 100, rate);
  FORMANTS[speaker][name].forEach((frequency_hz, i) => {
    sound = resonator(sound, frequency_hz, BANDWIDTHS_HZ[i] ?? 200, rate);
  });
  const radiated = sound.map((sample, n) => sample - (sound[n - 1] ?? 0));
  return scaled(radiated, 0.5);
}

/** Return white noise, from a fixed seed, above 4 kHz: an S. */
export function hiss(seconds: number, rate: number): Float32Array {
  let seed = 1;
  let sound = Float32Array.from({ length: Math.round(seconds * rate) }, () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647 - 0.5;
  });
  for (let times = 0; times < 2; times++) {
    const before = sound;
    sound = before.map((sample, n) => sample - (before[n - 1] ?? 0));
  }
  return scaled(sound, 0.1);
}

export function joined(...sounds: Float32Array[]): Float32Array {
  const all = new Float32Array(sounds.reduce((sum, sound) => sum + sound.length, 0));
  let at = 0;
  for (const sound of sounds) {
    all.set(sound, at);
    at += sound.length;
  }
  return all;
}

function resonator(
  input: Float32Array<ArrayBuffer>,
  frequency_hz: number,
  bandwidth_hz: number,
  rate: number,
): Float32Array<ArrayBuffer> {
  const c = -Math.exp((-2 * Math.PI * bandwidth_hz) / rate);
  const b =
    2 * Math.exp((-Math.PI * bandwidth_hz) / rate) * Math.cos((2 * Math.PI * frequency_hz) / rate);
  const output = new Float32Array(input.length);
  for (let n = 0; n < input.length; n++) {
    output[n] = (1 - b - c) * (input[n] ?? 0) + b * (output[n - 1] ?? 0) + c * (output[n - 2] ?? 0);
  }
  return output;
}

function scaled(sound: Float32Array<ArrayBuffer>, peak: number): Float32Array<ArrayBuffer> {
  const loudest = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return sound.map((sample) => (sample * peak) / loudest);
}

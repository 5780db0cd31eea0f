/** Sound that is played in one go, such as a sentence: it grows as its chunks come. */

import type { SoundOutput } from "./output";
import { quietPlace } from "./quiet_place";
import { Resampler } from "./resampler";

/** What a segment that is played tells of itself. */
export interface SegmentListener {
  /** It begins to sound; one that is silent, when its turn has come. */
  readonly started?: () => void;
  /** So much of it has been heard; told for each picture while it plays, and when it is cut off. */
  readonly heard?: (position_s: number) => void;
  /** All of it has been heard. */
  readonly ended?: () => void;
}

/** A part of it as it came. */
interface Sound {
  readonly buffer: AudioBuffer;
  /** Where it begins within the segment. */
  readonly from_s: number;
  /** So much of its beginning is left out. */
  readonly offset_s: number;
}

/** A part of it that has a time on the clock of the sound device. */
interface Piece {
  readonly source: AudioBufferSourceNode;
  readonly at_s: number;
  length_s: number;
  /** Where it begins within the segment. */
  readonly from_s: number;
  isOver: boolean;
}

/** With so little of a segment it is not begun, if more of it is to come. */
const FIRST_S = 0.05;
/** Nor is it gone on with, when it had to wait. */
const NEXT_S = 0.2;
/** How long it takes to fall silent for a wait, and to begin again. */
const FADE_S = 0.005;
/** So far back a word may have begun that is broken off. */
const REACH_S = 0.6;
/** With so little of a sound left nothing is begun again. */
const LEAST_S = 0.01;

export class Segment {
  /** Whether it has told that it began. */
  isBegun = false;
  /** Whether nothing more of it comes. */
  isComplete = false;
  readonly #output: SoundOutput;
  readonly #changed: () => void;
  #waiting: Sound[] = [];
  #pieces: Piece[] = [];
  /** All that has come of it, in order. */
  #sounds: Sound[] = [];
  #length_s = 0;
  #resampler: Resampler | undefined;
  #fader: GainNode | undefined;

  /**
   * @param changed is called when it has grown, is complete, or a part of it is over
   */
  constructor(
    output: SoundOutput,
    readonly listener: SegmentListener,
    changed: () => void,
  ) {
    this.#output = output;
    this.#changed = changed;
  }

  /** Add mono samples, -1..1, of so many a second: the same for all of a segment. */
  feed(samples: Float32Array<ArrayBuffer>, rate: number): void {
    if (rate === this.#output.rate) this.#take(samples);
    else {
      this.#resampler ??= new Resampler(rate, this.#output.rate);
      this.#take(Float32Array.from(this.#resampler.feed(samples)));
    }
    this.#changed();
  }

  /** Add a sound that was decoded. */
  append(sound: AudioBuffer): void {
    if (this.isComplete) return;
    this.#wait(sound);
    this.#changed();
  }

  /** Nothing more of it comes. */
  end(): void {
    if (this.#resampler) {
      const rest = this.#resampler.feed(new Float32Array(this.#resampler.reach + 1));
      this.#take(Float32Array.from(rest));
    }
    this.isComplete = true;
    this.#changed();
  }

  /** Whether all there is of it has a time, and nothing more comes. */
  get isScheduled(): boolean {
    return this.isComplete && !this.#waiting.length;
  }

  /** Whether all of it was played. */
  get isOver(): boolean {
    return this.isScheduled && (this.#pieces.at(-1)?.isOver ?? true);
  }

  /** Whether something of it has a time. */
  get hasSound(): boolean {
    return this.#pieces.length > 0;
  }

  /** What may still be heard of it. */
  get sources(): AudioBufferSourceNode[] {
    return this.#pieces.filter(({ isOver }) => !isOver).map(({ source }) => source);
  }

  /** How much of it has been played at a time of the clock, in seconds; negative before. */
  playedAt(clock_s: number): number {
    const piece = this.#pieces.findLast(({ at_s }) => at_s <= clock_s) ?? this.#pieces[0];
    return piece ? piece.from_s + Math.min(clock_s - piece.at_s, piece.length_s) : 0;
  }

  /** Whether it sounds at a time of the clock. */
  soundsAt(clock_s: number): boolean {
    return this.#pieces.some(({ at_s, length_s }) => at_s <= clock_s && clock_s < at_s + length_s);
  }

  /**
   * Give what waits its time, from `after_s` on, at most `room` sounds; return when that ends. Where
   * it would break off it fades, until more comes. Throws as the browser does.
   */
  schedule(after_s: number, room: number): number {
    if (!this.hasSound && (!room || !this.#waiting.length)) return after_s;
    const { lead_s, now_s } = this.#output;
    const fades_s = after_s - FADE_S;
    const isLate = this.hasSound && fades_s < now_s + lead_s;
    const enough_s = isLate ? NEXT_S : this.hasSound ? 0 : FIRST_S;
    const wait_s = this.#waiting.reduce((sum, one) => sum + lengthOf(one), 0);
    if (wait_s < enough_s && !this.isComplete) return after_s;
    const { gain } = (this.#fader ??= this.#output.fader());
    const next = this.#waiting.splice(0, room);
    let end_s = next.length ? Math.max(after_s, now_s + lead_s) : after_s;
    if (!isLate && this.hasSound) gain.cancelScheduledValues(fades_s); // it need not fade
    if (isLate && next.length) {
      gain.setValueAtTime(0, end_s);
      gain.linearRampToValueAtTime(1, end_s + FADE_S);
    }
    for (const sound of next) end_s = this.#play(sound, end_s);
    if (!this.isScheduled) {
      gain.setValueAtTime(1, end_s - FADE_S);
      gain.linearRampToValueAtTime(0, end_s);
    }
    return end_s;
  }

  /**
   * Take the times back of what has not been played at a time of the clock: it waits again, from the
   * word on that is broken off. What sounds of it is to be silenced. Of a segment that has sound.
   */
  hold(clock_s: number): void {
    const played_s = Math.max(0, this.playedAt(clock_s));
    for (const piece of this.#pieces) {
      piece.source.onended = null;
      piece.length_s = Math.min(piece.length_s, clock_s - piece.at_s);
      piece.isOver = true;
    }
    this.#pieces = this.#pieces.filter(({ length_s }) => length_s > 0);
    this.#fader = undefined;
    const isAll = this.isComplete && played_s >= this.#length_s - LEAST_S;
    const from_s = isAll ? this.#length_s : this.#wordAt(played_s);
    this.#waiting = this.#sounds
      .filter((sound) => sound.from_s + sound.buffer.duration > from_s)
      .map((sound) => ({ ...sound, offset_s: Math.max(0, from_s - sound.from_s) }));
  }

  /** Play nothing more of it. */
  cut(): void {
    for (const { source } of this.#pieces) source.onended = null;
    this.isComplete = true;
    this.#waiting = [];
    this.#pieces = [];
    this.#sounds = [];
  }

  #take(samples: Float32Array<ArrayBuffer>): void {
    if (!this.isComplete && samples.length) this.#wait(this.#output.sound(samples));
  }

  #wait(buffer: AudioBuffer): void {
    const sound = { buffer, from_s: this.#length_s, offset_s: 0 };
    this.#sounds.push(sound);
    this.#waiting.push(sound);
    this.#length_s += buffer.duration;
  }

  /** Play a sound from a time on, or from now on if the clock has passed it; return its end. */
  #play(sound: Sound, after_s: number): number {
    const fader = (this.#fader ??= this.#output.fader());
    const at_s = Math.max(after_s, this.#output.now_s);
    const source = this.#output.play(sound.buffer, at_s, fader, sound.offset_s);
    const length_s = lengthOf(sound);
    const from_s = sound.from_s + sound.offset_s;
    const piece = { source, at_s, length_s, from_s, isOver: false };
    source.onended = () => {
      piece.isOver = true;
      this.#changed();
    };
    this.#pieces.push(piece);
    return at_s + length_s;
  }

  /** Where to go on when it was broken off. */
  #wordAt(position_s: number): number {
    const { rate } = this.#output;
    const from_s = Math.max(0, position_s - REACH_S);
    const before = new Float32Array(Math.round((position_s - from_s) * rate));
    for (const { buffer, from_s: at_s } of this.#sounds) {
      const skipped = Math.round((from_s - at_s) * rate);
      const samples = buffer.getChannelData(0).subarray(Math.max(0, skipped));
      const to = Math.max(0, -skipped);
      if (to < before.length) before.set(samples.subarray(0, before.length - to), to);
    }
    return from_s + quietPlace(before, rate) / rate;
  }
}

function lengthOf({ buffer, offset_s }: Sound): number {
  return buffer.duration - offset_s;
}

/** Plays segments one right after another, on the clock of the sound device. */

import { isolated } from "../isolated";
import type { SoundOutput } from "./output";
import { Segment, type SegmentListener } from "./segment";

/** So many have a time at once: the device looks at each of them all the time. */
const MOST_SOUNDS = 32;

/**
 * How far a segment has been heard is told by it alone, as it leaves the loudspeaker. Where chunks
 * come late it falls silent and goes on when there are more.
 */
export class PlaybackQueue {
  readonly #output: SoundOutput;
  #queue: (Segment | (() => void))[] = [];
  /** When all that has a time ends. */
  #end_s = 0;
  #frame = 0;
  #isAdvancing = false;
  /** Whether it is silent until it is told to go on. */
  #isHeld = false;

  constructor(output: SoundOutput) {
    this.#output = output;
  }

  /** Play a segment when all before it are over: at once if there are none. */
  open(listener: SegmentListener): Segment {
    const segment = new Segment(this.#output, listener, () => this.#advance());
    this.#queue.push(segment);
    return segment;
  }

  /** Do something once everything queued so far is over; not at all if that is cut off. */
  then(step: () => void): void {
    this.#queue.push(step);
    this.#advance();
  }

  /** Whether nothing is played, and nothing waits. */
  get isIdle(): boolean {
    return !this.#queue.length;
  }

  /** Where the segment is, in seconds, whose sound leaves the loudspeaker now; null if none does. */
  get position_s(): number | null {
    const segment = this.#playing;
    if (!segment) return null;
    const clock_s = this.#heardUntil_s;
    return segment.soundsAt(clock_s) ? segment.playedAt(clock_s) : null;
  }

  /** Play more softly for now, 0 to 1. */
  duck(level: number): void {
    this.#output.level = level;
  }

  /** Be silent at once, until it is told to go on; what comes meanwhile waits. */
  pause(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    const segments = this.#queue
      .filter((one) => one instanceof Segment)
      .filter((one) => one.hasSound);
    this.#rest();
    if (!segments.length) return;
    const { now_s } = this.#output;
    const sources = segments.flatMap((segment) => segment.sources);
    const playing = this.#playing;
    for (const segment of segments) segment.hold(now_s);
    if (sources.length) this.#output.silence(sources);
    this.#end_s = 0;
    if (!playing) return;
    const heard_s = playing.playedAt(now_s);
    isolated(() => playing.listener.heard?.(heard_s));
  }

  /** Go on as loud as ever, from the word on that was broken off. */
  resume(): void {
    this.#output.level = 1;
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#advance();
  }

  /** Be silent at once, tell what was heard, and forget what waits. */
  stop(): void {
    const segments = this.#queue.filter((one) => one instanceof Segment);
    const playing = this.#playing;
    const heard_s = playing?.playedAt(this.#heardUntil_s);
    const sources = segments.flatMap((segment) => segment.sources);
    this.#queue = [];
    for (const segment of segments) segment.cut();
    if (sources.length) this.#output.silence(sources);
    this.#end_s = 0;
    this.#isHeld = false;
    this.#output.level = 1;
    this.#rest();
    if (playing && heard_s !== undefined) isolated(() => playing.listener.heard?.(heard_s));
  }

  /** What the loudspeaker has let out: it is behind the clock. */
  get #heardUntil_s(): number {
    return this.#output.now_s - this.#output.latency_s;
  }

  /** The segment that has begun. */
  get #playing(): Segment | undefined {
    const [first] = this.#queue;
    return first instanceof Segment && first.isBegun ? first : undefined;
  }

  /** Do what can be done by now; what is told may ask for more. */
  #advance(): void {
    if (this.#isAdvancing || this.#isHeld) return;
    this.#isAdvancing = true;
    this.#schedule();
    while (!this.#isHeld && this.#step()) this.#schedule();
    this.#isAdvancing = false;
    if (this.#isHeld) return;
    if (this.#playing && !this.#frame) this.#follow();
    else if (!this.#playing) this.#rest();
  }

  /** Begin or end what is first; return whether there is more to do. */
  #step(): boolean {
    const [first] = this.#queue;
    if (!first) return false;
    if (typeof first === "function") {
      this.#queue.shift();
      isolated(first);
      return true;
    }
    if (!first.isBegun && (first.hasSound || first.isOver)) {
      first.isBegun = true;
      isolated(() => first.listener.started?.());
      return true;
    }
    if (!first.isOver) return false;
    this.#queue.shift();
    isolated(() => first.listener.ended?.());
    return true;
  }

  /**
   * Give a time to what can have one, and is not too far ahead: what comes after a segment that
   * still grows has none.
   */
  #schedule(): void {
    const segments = this.#queue.filter((one) => one instanceof Segment);
    let room = MOST_SOUNDS - segments.reduce((sum, { sources }) => sum + sources.length, 0);
    for (const segment of segments) {
      const before = segment.sources.length;
      try {
        this.#end_s = segment.schedule(this.#end_s, room);
      } catch (error) {
        console.error("This sentence stays silent: its sound could not be played.", error);
        segment.cut();
      }
      if (!segment.isScheduled) return;
      room -= segment.sources.length - before;
    }
  }

  #follow(): void {
    const playing = this.#playing;
    this.#frame = requestAnimationFrame(() => this.#follow());
    if (!playing?.hasSound) return;
    const heard_s = playing.playedAt(this.#heardUntil_s);
    isolated(() => playing.listener.heard?.(heard_s));
  }

  #rest(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}

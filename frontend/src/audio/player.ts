/** Plays sentences one after another; what must wait for them queues behind. */

import type { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import { PlaybackQueue } from "@open-llm-vtuber/shared/audio/playback_queue";
import type { Segment } from "@open-llm-vtuber/shared/audio/segment";
import { fromBase64 } from "@open-llm-vtuber/shared/base64";
import type { SpokenWord } from "@open-llm-vtuber/shared/protocol/messages";
import type { SpeechFrame } from "@open-llm-vtuber/shared/protocol/speech_frame";

import { Captions } from "./captions";
import { LipSync, type Mouth } from "./lipsync";
import { Loudness } from "./loudness";

/** A sentence as it arrives. */
export interface Sentence {
  /** A WAV file in base64; null for one that is silent, or whose sound follows. */
  readonly audio: string | null;
  /** Under this number its sound follows, in frames. */
  readonly segment?: number | undefined;
  /** When its words are spoken, if that is known and they do not follow. */
  readonly words?: readonly SpokenWord[] | undefined;
  readonly text: string;
  /** Another character says it, who is not on this page. */
  readonly isElsewhere?: boolean;
}

/** What a sentence that is played tells of itself. */
export interface Listener {
  /** It begins to sound, or to be shown if it is silent. */
  started: () => void;
  /** So many characters of its text have been heard; told when that changes, and never less. */
  heard: (characters: number) => void;
}

/** What of the volume is left while somebody may be interrupting. */
const DUCKED = 0.25;
const CLOSED: Mouth = { open: 0, wide: 0, round: 0 };

export class Player {
  readonly #output: SoundOutput;
  readonly #queue: PlaybackQueue;
  /** The sentences of which more is to come, by their numbers. */
  readonly #open = new Map<number, Speech>();
  /** The lips of the sentence that is heard. */
  #lips: LipSync | undefined;
  /** What is known of the voice by its last sentence. */
  #pace: number | undefined;
  #loudest_db: number | undefined;

  constructor(output: SoundOutput) {
    this.#output = output;
    this.#queue = new PlaybackQueue(output);
  }

  /** Return how the lips stand to the sound that leaves the loudspeaker now. */
  mouth(): Mouth {
    const position_s = this.#lips && this.#queue.position_s;
    return this.#lips && typeof position_s === "number" ? this.#lips.at(position_s) : CLOSED;
  }

  say(sentence: Sentence, listener: Listener): void {
    const { audio, segment, words, text, isElsewhere } = sentence;
    const captions = new Captions(text, this.#pace);
    if (words) captions.tell(words);
    const lips = new LipSync(this.#loudest_db);
    let told = -1;
    const tell = (characters: number): void => {
      if (characters > told) listener.heard((told = characters));
    };
    const playing = this.#queue.open({
      started: () => {
        if (!isElsewhere) this.#lips = lips;
        listener.started();
      },
      heard: (position_s) => tell(captions.heardAt(position_s)),
      ended: () => {
        this.#lips = undefined;
        if (!isElsewhere) {
          this.#pace = captions.pace ?? this.#pace;
          this.#loudest_db = lips.loudest_db ?? this.#loudest_db;
        }
        tell(text.length);
      },
    });
    const speech = new Speech(playing, captions, lips);
    if (segment !== undefined) this.#open.set(segment, speech);
    else if (audio !== null)
      void this.#decode(audio, speech); // now, while the one before is playing
    else speech.end();
  }

  /** Take when the next words of a sentence are spoken. */
  tell(segment: number, words: readonly SpokenWord[]): void {
    this.#open.get(segment)?.tell(words);
  }

  /** Take the next sound of a sentence; of one that was cut off nothing sounds any more. */
  hear({ segment, samples, rate, isLast }: SpeechFrame): void {
    const speech = this.#open.get(segment);
    if (!speech) return;
    if (samples.length) speech.feed(samples, rate);
    if (!isLast) return;
    this.#open.delete(segment);
    speech.end();
  }

  /** Do something once everything queued so far is over; not at all if that is cut off. */
  then(step: () => void): void {
    this.#queue.then(step);
  }

  /** Speak more softly for now. */
  duck(): void {
    this.#queue.duck(DUCKED);
  }

  /** Be silent until it goes on; what is queued waits. */
  pause(): void {
    this.#queue.pause();
  }

  /** Go on from the word on that was broken off, as loud as ever. */
  resume(): void {
    this.#queue.resume();
  }

  /** Be silent at once and forget the queue. */
  clear(): void {
    this.#open.clear();
    this.#lips = undefined;
    this.#queue.stop();
  }

  async #decode(wav: string, speech: Speech): Promise<void> {
    try {
      const bytes = fromBase64(wav);
      speech.append(await this.#output.decode(bytes.buffer));
    } catch (error) {
      console.error("This sentence stays silent: its sound could not be decoded.", error);
    }
    speech.end();
  }
}

/** The sound of a sentence, and what goes with it. */
class Speech {
  readonly #segment: Segment;
  readonly #captions: Captions;
  readonly #lips: LipSync;
  readonly #loudness = new Loudness();

  constructor(segment: Segment, captions: Captions, lips: LipSync) {
    this.#segment = segment;
    this.#captions = captions;
    this.#lips = lips;
  }

  tell(words: readonly SpokenWord[]): void {
    this.#captions.tell(words);
  }

  feed(samples: Float32Array<ArrayBuffer>, rate: number): void {
    this.#follow(samples, rate);
    this.#segment.feed(samples, rate);
  }

  append(sound: AudioBuffer): void {
    this.#follow(sound.getChannelData(0), sound.sampleRate);
    this.#segment.append(sound);
  }

  end(): void {
    this.#captions.end();
    this.#lips.end();
    this.#segment.end();
  }

  #follow(samples: Float32Array, rate: number): void {
    this.#lips.append(samples, rate);
    this.#captions.append(this.#loudness.feed(samples, rate));
  }
}

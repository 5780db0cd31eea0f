/** The voices that she could have: heard, and chosen. */

import type { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import { fromBase64 } from "@open-llm-vtuber/shared/base64";

import { Sample } from "../audio/sample";
import { ApiError } from "../session/http";
import * as api from "./api";
import type { Edit, Voices as VoiceList } from "./api";
import { at } from "./values";
import { isNumbered, speedRange, usualVoice, voicePath, type SpeedRange } from "./voice_paths";

export class HerVoice {
  /** Null before it is known. */
  list = $state.raw<VoiceList | null>(null);
  /** The id of the one that is used; "" where the engine's own default is. */
  chosen = $state("");
  range = $state.raw<SpeedRange | null>(null);
  speed = $state(1);
  /** The id of the one that is being made or heard. */
  heard = $state<string | null>(null);
  /** Why something was not done; null where it was. */
  failure = $state.raw<ApiError | null>(null);

  readonly #sample: Sample;
  /** Whether the engine names its voices by numbers. */
  #isNumber = false;
  /** Only the latest wish is heard. */
  #wish = 0;
  #speedWish = 0;
  /** What is being written. */
  #saving: Promise<unknown> = Promise.resolve();

  constructor(output: SoundOutput) {
    this.#sample = new Sample(output);
  }

  async look(): Promise<void> {
    await this.#tried(async () => {
      const [list, schema, { values }] = await Promise.all([
        api.fetchVoices(),
        api.fetchSchema(),
        api.fetchValues(),
      ]);
      const chosen = list.key ? at(values, voicePath(list.engine, list.key)) : "";
      const only = list.voices.length === 1 ? list.voices[0]?.id : "";
      const usual = only || (list.key && usualVoice(schema, list.engine, list.key));
      const isNamed = typeof chosen === "number" || (typeof chosen === "string" && chosen);
      this.chosen = isNamed ? `${chosen}` : usual;
      this.#isNumber = list.key !== "" && isNumbered(schema, list.engine, list.key);
      this.range = speedRange(schema, list.engine);
      const speed = at(values, voicePath(list.engine, "speed"));
      this.speed = typeof speed === "number" ? speed : (this.range?.usual ?? 1);
      this.list = list;
    });
  }

  /** Hear a voice say something, at the speed that is set. */
  async hear(id: string, text: string): Promise<void> {
    this.silence();
    const wish = this.#wish;
    this.heard = id;
    await this.#tried(async () => {
      const edits = [...this.#voiceEdits(id), ...this.#speedEdits()];
      const { sound } = await api.attempt("voice", edits, { text });
      if (sound && wish === this.#wish) await this.#sample.play(fromBase64(sound).buffer);
    });
    if (wish === this.#wish) this.heard = null;
  }

  silence(): void {
    this.#wish += 1;
    this.heard = null;
    this.#sample.stop();
  }

  /** Have her speak with a voice from the next turn on; return whether she does. */
  async choose(id: string): Promise<boolean> {
    const isDone = await this.#save(this.#voiceEdits(id));
    if (isDone) this.chosen = id;
    return isDone;
  }

  /** Have her speak at the speed that is set, the latest of several; return whether she does. */
  async keepSpeed(): Promise<boolean> {
    const wish = (this.#speedWish += 1);
    await this.#saving;
    if (wish !== this.#speedWish) return false;
    return this.#save(this.#speedEdits());
  }

  /** What has a voice speak; nothing for "", the engine's own. */
  #voiceEdits(id: string): Edit[] {
    if (!this.list?.key || !id) return [];
    const { engine, key } = this.list;
    return [{ path: voicePath(engine, key), value: this.#isNumber ? Number(id) : id }];
  }

  /** What has her speak at the speed that is set, where her engine has one. */
  #speedEdits(): Edit[] {
    if (!this.list || !this.range) return [];
    return [{ path: voicePath(this.list.engine, "speed"), value: this.speed }];
  }

  /** Write edits after those that are being written. */
  #save(edits: readonly Edit[]): Promise<boolean> {
    if (!edits.length) return Promise.resolve(false);
    const saved = this.#saving.then(() =>
      this.#tried(async () => {
        const { etag } = await api.fetchValues();
        await api.save(etag, edits);
      }),
    );
    this.#saving = saved;
    return saved;
  }

  async #tried(work: () => Promise<void>): Promise<boolean> {
    this.failure = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.failure = error;
      return false;
    }
  }
}

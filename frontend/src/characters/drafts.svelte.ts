/** Changes of characters that are not saved yet: kept in this tab, so that leaving loses nothing. */

import { isListOf, isMadeOf, isText, keep, orNull, readKept } from "@open-llm-vtuber/shared/kept";

import type { ExampleLines, Fields } from "./characters_api";
import { isKeptLore, type KeptLore } from "./lore.svelte";

/** What is written of one character, and what it was made from. */
export interface Draft {
  /** "" for one that is new. */
  readonly file: string;
  /** Of the file as it was read; "" for one that is new. */
  readonly etag: string;
  readonly base: Fields;
  readonly fields: Fields;
  /** Her new picture as a data URL of a PNG; "" where she keeps what she has. */
  readonly picture: string;
  /** What is written of her lorebook; null where nothing of it is new. */
  readonly lore: KeptLore | null;
}

const PLACE = "open-llm-vtuber:character-drafts";

const isFields = isMadeOf<Fields>({
  conf_name: isText,
  character_name: isText,
  human_name: isText,
  persona_prompt: isText,
  greeting: isText,
  example_dialogue: isListOf(isMadeOf<ExampleLines>({ human: isText, character: isText })),
  avatar: isText,
  live2d_model_name: isText,
  language: isText,
  tts_model: isText,
  voice: isText,
});
const isDraft = isMadeOf<Draft>({
  file: isText,
  etag: isText,
  base: isFields,
  fields: isFields,
  picture: isText,
  lore: orNull(isKeptLore),
});

interface Kept {
  readonly drafts: Draft[];
}

export class Drafts {
  all = $state.raw<readonly Draft[]>(
    readKept<Kept>("sessionStorage", PLACE, { drafts: isListOf(isDraft) }).drafts ?? [],
  );

  of(file: string): Draft | undefined {
    return this.all.find((one) => one.file === file);
  }

  put(draft: Draft): void {
    this.#keep([...this.all.filter((one) => one.file !== draft.file), draft]);
  }

  drop(file: string): void {
    if (this.of(file)) this.#keep(this.all.filter((one) => one.file !== file));
  }

  #keep(drafts: readonly Draft[]): void {
    this.all = drafts;
    keep("sessionStorage", PLACE, { drafts });
  }
}

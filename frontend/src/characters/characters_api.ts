/** The characters of the server over HTTP: docs/characters.md. All of it throws ApiError. */

import { address } from "@open-llm-vtuber/shared/access";
import {
  isBetween,
  isFlag,
  isListOf,
  isMadeOf,
  isObject,
  isText,
  orNull,
  type Check,
} from "@open-llm-vtuber/shared/kept";

import { ask, inPath } from "../session/http";

/** Something that a person might say, and how the character would answer. */
export interface ExampleLines {
  readonly human: string;
  readonly character: string;
}

/** What is set of a character. */
export interface Fields {
  readonly conf_name: string;
  readonly character_name: string;
  readonly human_name: string;
  readonly persona_prompt: string;
  readonly greeting: string;
  readonly example_dialogue: readonly ExampleLines[];
  readonly avatar: string;
  readonly live2d_model_name: string;
  readonly language: string;
  readonly tts_model: string;
  readonly voice: string;
}

export type Field = keyof Fields;

export interface Details {
  readonly file: string;
  /** Tells this text of the file from others. */
  readonly etag: string;
  readonly fields: Partial<Fields>;
  readonly has_card: boolean;
  /** What a request that changes it may have. */
  readonly most_bytes: number;
}

export interface DeletedCharacter {
  readonly id: string;
  readonly file: string;
  readonly name: string;
}

/** What becomes of a card. */
export interface Imported {
  /** Null where it was only looked at. */
  readonly file: string | null;
  readonly name: string;
  readonly fields: Partial<Fields>;
  readonly notes: readonly string[];
  readonly creator: string;
  readonly creator_notes: string;
  readonly tags: readonly string[];
  readonly lorebook_entries: number;
  readonly has_picture: boolean;
}

/** What she can look like. */
export interface Look {
  readonly name: string;
  /** Where its picture is below the server's address; null if it has none. */
  readonly picture: string | null;
}

export type CardForm = "png" | "json";

/** Which of the fields are there is up to the file; what they hold is the server's own form of them. */
const isFields: Check<Partial<Fields>> = isObject;
const isDetails = isMadeOf<Details>({
  file: isText,
  etag: isText,
  fields: isFields,
  has_card: isFlag,
  most_bytes: isBetween(0, Infinity),
});
const isDeleted = isMadeOf<DeletedCharacter>({ id: isText, file: isText, name: isText });
const isImported = isMadeOf<Imported>({
  file: orNull(isText),
  name: isText,
  fields: isFields,
  notes: isListOf(isText),
  creator: isText,
  creator_notes: isText,
  tags: isListOf(isText),
  lorebook_entries: isBetween(0, Infinity),
  has_picture: isFlag,
});
const isLook = isMadeOf<Look>({ name: isText, picture: orNull(isText) });
const hasFile = isMadeOf<{ file: string }>({ file: isText });
const hasId = isMadeOf<{ id: string }>({ id: isText });

export function details(file: string): Promise<Details> {
  return ask(`/characters/${inPath(file)}`, isDetails);
}

export async function create(fields: Partial<Fields>, copyOf?: string): Promise<string> {
  const json = copyOf === undefined ? { fields } : { fields, copy_of: copyOf };
  return (await ask("/characters", hasFile, { method: "POST", json })).file;
}

/** Change a character whose file is still the one of `etag`; else it is refused with 409. */
export function change(file: string, fields: Partial<Fields>, etag: string): Promise<Details> {
  const json = { fields, etag };
  return ask(`/characters/${inPath(file)}`, isDetails, { method: "PATCH", json });
}

/** Delete a character; return what it is had back by. */
export async function remove(file: string): Promise<string> {
  return (await ask(`/characters/${inPath(file)}`, hasId, { method: "DELETE" })).id;
}

export function deleted(): Promise<DeletedCharacter[]> {
  return ask("/deleted-characters", isListOf(isDeleted));
}

export async function restore(id: string): Promise<string> {
  return (await ask(`/deleted-characters/${id}`, hasFile, { method: "POST" })).file;
}

/** Give a character a picture, a PNG. */
export function setPicture(file: string, picture: Blob): Promise<Details> {
  const form = formOf(picture);
  return ask(`/character-pictures/${inPath(file)}`, isDetails, { method: "POST", form });
}

/** Tell what would become of a card, or make a character of it. */
export function readCard(card: Blob, { save }: { save: boolean }): Promise<Imported> {
  const form = formOf(card);
  return ask(`/character-cards?save=${save}`, isImported, { method: "POST", form });
}

/** Return where a character is to be had as a card. */
export function cardAddress(file: string, kind: CardForm): string {
  return address(`/character-cards/${inPath(file)}?form=${kind}`);
}

/** Return what characters can look like. */
export function looks(): Promise<Look[]> {
  return ask("/looks", isListOf(isLook));
}

/** Return the address of the picture of a character, "" if it has none. */
export function avatarAddress(avatar: string | null | undefined): string {
  return avatar ? address(`/avatars/${encodeURIComponent(avatar)}`) : "";
}

function formOf(upload: Blob): FormData {
  const data = new FormData();
  data.append("upload", upload);
  return data;
}

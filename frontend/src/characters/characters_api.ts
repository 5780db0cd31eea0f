/** The characters of the server over HTTP: typed questions, and failures that name their fields. */

import { address } from "@open-llm-vtuber/shared/access";

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

/** What the server says of one field. */
export interface Problem {
  readonly field: Field | null;
  readonly text: string;
}

/** Why the server did not do something; `status` is 0 where it was not reached. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    readonly status: number,
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}

export type CardForm = "png" | "json";

export function details(file: string): Promise<Details> {
  return asked(`/characters/${inPath(file)}`);
}

export async function create(fields: Partial<Fields>, copyOf?: string): Promise<string> {
  const body = copyOf === undefined ? { fields } : { fields, copy_of: copyOf };
  return (await asked<{ file: string }>("/characters", "POST", body)).file;
}

/** Change a character whose file is still the one of `etag`; else it is refused with 409. */
export function change(file: string, fields: Partial<Fields>, etag: string): Promise<Details> {
  return asked(`/characters/${inPath(file)}`, "PATCH", { fields, etag });
}

/** Delete a character; return what it is had back by. */
export async function remove(file: string): Promise<string> {
  return (await asked<{ id: string }>(`/characters/${inPath(file)}`, "DELETE")).id;
}

export function deleted(): Promise<DeletedCharacter[]> {
  return asked("/deleted-characters");
}

export async function restore(id: string): Promise<string> {
  return (await asked<{ file: string }>(`/deleted-characters/${id}`, "POST")).file;
}

/** Give a character a picture, a PNG. */
export function setPicture(file: string, picture: Blob): Promise<Details> {
  return asked(`/character-pictures/${inPath(file)}`, "POST", form(picture));
}

/** Tell what would become of a card, or make a character of it. */
export function readCard(card: Blob, { save }: { save: boolean }): Promise<Imported> {
  return asked(`/character-cards?save=${save}`, "POST", form(card));
}

/** Return where a character is to be had as a card. */
export function cardAddress(file: string, kind: CardForm): string {
  return address(`/character-cards/${inPath(file)}?form=${kind}`);
}

/** Return what characters can look like. */
export function looks(): Promise<Look[]> {
  return asked("/looks");
}

/** Return the address of the picture of a character, "" if it has none. */
export function avatarAddress(avatar: string | null | undefined): string {
  return avatar ? address(`/avatars/${encodeURIComponent(avatar)}`) : "";
}

function form(upload: Blob): FormData {
  const data = new FormData();
  data.append("upload", upload);
  return data;
}

/** A file may be in a folder. */
export function inPath(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}

/** Ask; the answer is that of our own server, whose version is the page's. Throws ApiError. */
export async function asked<Answer>(
  path: string,
  method = "GET",
  body?: object,
  signal?: AbortSignal,
): Promise<Answer> {
  const isJson = body !== undefined && !(body instanceof FormData);
  let response: Response;
  try {
    response = await fetch(address(path), {
      method,
      ...(signal && { signal }),
      ...(isJson && { headers: { "Content-Type": "application/json" } }),
      ...(body && { body: isJson ? JSON.stringify(body) : (body as FormData) }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new ApiError(0, error instanceof Error ? error.message : "");
  }
  if (!response.ok) throw await failureOf(response);
  return (await response.json()) as Answer;
}

interface Failure {
  readonly error?: string;
  readonly problems?: readonly { readonly path: string; readonly error: string }[];
  /** What the framework says of a body that it does not take. */
  readonly detail?: readonly { readonly loc: readonly (string | number)[]; readonly msg: string }[];
}

async function failureOf(response: Response): Promise<ApiError> {
  let failure: Failure;
  try {
    failure = (await response.json()) as Failure;
  } catch {
    return new ApiError(response.status, response.statusText); // of something before the server
  }
  const told = failure.problems?.map(({ path, error }) => ({
    field: fieldOf(path.split(".")),
    text: error,
  }));
  const refused = failure.detail?.map(({ loc, msg }) => ({ field: fieldOf(loc), text: msg }));
  const problems = told ?? refused ?? [];
  const text = failure.error ?? problems.map((one) => one.text).join("\n");
  return new ApiError(response.status, text, problems);
}

const FIELDS: Record<Field, true> = {
  conf_name: true,
  character_name: true,
  human_name: true,
  persona_prompt: true,
  greeting: true,
  example_dialogue: true,
  avatar: true,
  live2d_model_name: true,
  language: true,
  tts_model: true,
  voice: true,
};

function fieldOf(place: readonly (string | number)[]): Field | null {
  const found = place.find((part): part is Field => Object.hasOwn(FIELDS, part));
  return found ?? null;
}

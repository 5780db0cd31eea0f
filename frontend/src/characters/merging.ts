/** What a person changed, and what was changed in the file meanwhile, put together; pure. */

import type { Field, Fields } from "./characters_api";

/** A field that was changed here and there, to different values. */
export interface Conflict {
  readonly field: Field;
  readonly mine: Fields[Field];
  readonly theirs: Fields[Field];
}

export interface Merged {
  /** Where both changed something, what was written here. */
  readonly fields: Fields;
  readonly conflicts: readonly Conflict[];
}

export const NOTHING: Fields = {
  conf_name: "",
  character_name: "",
  human_name: "",
  persona_prompt: "",
  greeting: "",
  example_dialogue: [],
  avatar: "",
  live2d_model_name: "",
  language: "",
  tts_model: "",
  voice: "",
};

const FIELDS = Object.keys(NOTHING) as Field[];

/** Return the field that the server names by a path, if it names one. */
export function fieldOf(path: string): Field | undefined {
  return path.split(".").find((part): part is Field => Object.hasOwn(NOTHING, part));
}

export function isSame(one: Fields[Field], other: Fields[Field]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Return what differs between `before` and `after`, as it is after. */
export function changesOf(before: Fields, after: Fields): Partial<Fields> {
  const changed = FIELDS.filter((field) => !isSame(before[field], after[field]));
  return Object.fromEntries(changed.map((field) => [field, after[field]]));
}

/** Put `mine` and `theirs` together, both of which were made from `base`. */
export function merged(base: Fields, mine: Fields, theirs: Fields): Merged {
  const changed = changesOf(base, mine);
  const conflicts = FIELDS.filter(
    (field) =>
      field in changed &&
      !isSame(base[field], theirs[field]) &&
      !isSame(mine[field], theirs[field]),
  ).map((field) => ({ field, mine: mine[field], theirs: theirs[field] }));
  return { fields: { ...theirs, ...changed }, conflicts };
}

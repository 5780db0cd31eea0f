/** What of conf.yaml was changed on the page and is not saved yet, and what the file says meanwhile. */

import { answerTo, type ApiError } from "../session/http";
import type { Edit, Saved, TrialKind, Values } from "./api";
import type { JsonSchema } from "./json_schema";
import { sectionsInUse } from "./in_use";
import { sectionsOf, type Field, type Section } from "./schema_fields";
import { at, same, secretAt } from "./values";

/** The part of the API that the draft needs. */
export interface SettingsApi {
  fetchSchema: () => Promise<JsonSchema>;
  fetchValues: (etag?: string) => Promise<Values | null>;
  save: (etag: string, edits: readonly Edit[], code: string) => Promise<Saved>;
  takeBack: (etag: string) => Promise<Saved>;
}

/** A key that somebody else has changed since it was read here. */
export interface ChangedElsewhere {
  readonly field: Field;
  readonly before: unknown;
  readonly now: unknown;
  /** Whether it was changed here, too, to something else. */
  readonly isMine: boolean;
}

/** What the server asks for before it saves. */
export interface CodeQuestion {
  /** What needs the code. */
  readonly ids: readonly string[];
  /** Whether a code was given that was not the right one. */
  readonly isWrong: boolean;
}

/** `restart`: the ids of what counts only when the server is started anew. */
export type Outcome =
  | { readonly kind: "done"; readonly restart: readonly string[] }
  | { readonly kind: "refused" | "conflict" | "asks" };

/** The field whose value says which engines are used where none is named. */
const LANGUAGE = "character_config.language";

/** How often the same is saved once more, while what somebody else changes is no setting. */
const TRIES = 3;
/** The sections of what is tried. */
const TRIED: Readonly<Record<TrialKind, readonly string[]>> = {
  voice: ["character_config.tts_config.", "character_config.language"],
  ears: ["character_config.asr_config.", "character_config.language"],
  mind: ["character_config.agent_config."],
};

export class ConfigDraft {
  state = $state<"loading" | "ready" | "refused">("loading");
  /** Why nothing can be shown; null while something can. */
  refusal = $state.raw<ApiError | null>(null);
  sections = $state.raw<readonly Section[]>([]);
  isSaving = $state(false);
  /** What is wrong, by the ids of fields, "" for what is of none; it is "" where the server is away. */
  problems = $state.raw<Readonly<Record<string, string>>>({});
  changedElsewhere = $state.raw<readonly ChangedElsewhere[]>([]);
  question = $state.raw<CodeQuestion | null>(null);

  #read = $state.raw<Values>({ values: {}, etag: "", can_undo: false, engines: {} });
  /** By the ids of fields. */
  #edits = $state.raw<Readonly<Record<string, Edit>>>({});
  readonly #api: SettingsApi;
  readonly #enginesOf: (language: string) => Readonly<Record<string, string>>;
  #loading: Promise<void> | undefined;

  readonly fields = $derived(
    new Map(this.sections.flatMap(({ fields }) => fields).map((field) => [field.id, field])),
  );
  readonly edits = $derived<readonly Edit[]>(Object.values(this.#edits));
  /** By kind, the engine in use where none is named: of a language that is not saved, its own. */
  readonly engines = $derived.by<Readonly<Record<string, string>>>(() => {
    const edit = this.#edits[LANGUAGE];
    const given = typeof edit?.value === "string" ? this.#enginesOf(edit.value) : {};
    return { ...this.#read.engines, ...given };
  });
  readonly inUse = $derived(
    sectionsInUse(this.sections, (field) => this.valueOf(field), this.engines),
  );

  /** @param enginesOf returns which engines a language brings, by kind, as far as is known */
  constructor(
    api: SettingsApi,
    enginesOf: (language: string) => Readonly<Record<string, string>> = () => ({}),
  ) {
    this.#api = api;
    this.#enginesOf = enginesOf;
  }

  get canUndo(): boolean {
    return this.#read.can_undo;
  }

  /** What conf.yaml says, a draft apart. */
  savedOf({ path }: Pick<Field, "path">): unknown {
    return at(this.#read.values, path);
  }

  /** What a field is set to, saved or not; undefined where its default holds. */
  valueOf(field: Field): unknown {
    const edit = this.#edits[field.id];
    return edit ? (edit.value ?? undefined) : this.savedOf(field);
  }

  isChanged({ id }: Field): boolean {
    return id in this.#edits;
  }

  /** Set a field; null has its default hold, and forgets a secret. */
  set(field: Field, value: unknown): void {
    const saved = this.savedOf(field);
    // Where no engine is named another one than the default may be in use.
    const usual = field.engine ? undefined : field.usual;
    const isAsSaved =
      value === null
        ? saved === undefined || secretAt(saved) === false
        : secretAt(saved) === null && same(value, saved ?? usual);
    if (isAsSaved) return this.takeBack(field);
    this.#edits = { ...this.#edits, [field.id]: { path: field.path, value } };
    this.#mend(field.id);
  }

  /** Have a field be what is saved. */
  takeBack({ id }: Field): void {
    this.#edits = without(this.#edits, id);
    this.#mend(id);
    this.changedElsewhere = this.changedElsewhere.filter(({ field }) => field.id !== id);
  }

  discard(): void {
    this.#edits = {};
    this.problems = {};
    this.changedElsewhere = [];
  }

  /** What was changed elsewhere is known now. */
  acknowledge(): void {
    this.changedElsewhere = [];
  }

  /** Return the edits that a trial needs. */
  editsFor(kind: TrialKind): readonly Edit[] {
    return this.edits.filter(({ path }) => {
      const id = path.join(".");
      return TRIED[kind].some((one) => (one.endsWith(".") ? id.startsWith(one) : id === one));
    });
  }

  /** Read what there is; what is known already is asked for by its etag. One at a time. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** Save all edits. What is edited meanwhile stays. */
  async save(code = ""): Promise<Outcome> {
    if (this.isSaving || !this.edits.length) return { kind: "refused" };
    this.isSaving = true;
    try {
      const told = this.changedElsewhere;
      let outcome = await this.#save(code);
      // A remark, or an order of lines, that is another one is nothing to decide.
      for (let tries = 1; tries < TRIES && this.#isKnown(outcome, told); tries += 1) {
        outcome = await this.#save(""); // a code counts once
      }
      return outcome;
    } finally {
      this.isSaving = false;
    }
  }

  /** Whether a conflict is of no setting that was not `told` before. */
  #isKnown({ kind }: Outcome, told: readonly ChangedElsewhere[]): boolean {
    const isTold = ({ field, now }: ChangedElsewhere): boolean =>
      told.some((one) => one.field.id === field.id && same(one.now, now));
    return kind === "conflict" && this.edits.length > 0 && this.changedElsewhere.every(isTold);
  }

  /** @param only the id of the one that is saved; all are where it is left out */
  async #save(code: string, only?: string): Promise<Outcome> {
    const all = Object.entries(this.#edits);
    const sent = Object.fromEntries(only ? all.filter(([id]) => id === only) : all);
    const edits = Object.values(sent);
    const answer = await answerTo(this.#api.save(this.#read.etag, edits, code));
    if ("refusal" in answer) return await this.#refused(answer.refusal, code !== "");
    this.question = null;
    this.problems = {};
    this.changedElsewhere = [];
    await this.#readAgain((id) => id in sent && this.#edits[id] === sent[id]);
    return { kind: "done", restart: answer.value.restart };
  }

  /**
   * Save one field at once; other edits stay as they are. What is refused is not kept as an edit,
   * but why it was stands among the problems.
   */
  async put(field: Field, value: unknown, code = ""): Promise<Outcome> {
    if (this.isSaving) return { kind: "refused" };
    this.set(field, value);
    if (!this.isChanged(field)) return { kind: "done", restart: [] };
    this.isSaving = true;
    try {
      const told = this.changedElsewhere;
      let outcome = await this.#save(code, field.id);
      for (let tries = 1; tries < TRIES && this.#isOfOthers(outcome, field); tries += 1) {
        outcome = await this.#save("", field.id);
      }
      if (outcome.kind !== "done") this.#edits = without(this.#edits, field.id);
      else if (!told.length) this.changedElsewhere = [];
      return outcome;
    } finally {
      this.isSaving = false;
    }
  }

  /** Whether a conflict is of other fields alone, which are not saved now. */
  #isOfOthers({ kind }: Outcome, { id }: Field): boolean {
    const isOther = this.changedElsewhere.every(({ field }) => field.id !== id);
    return kind === "conflict" && id in this.#edits && isOther;
  }

  /** Have conf.yaml be what it was before the last change; edits stay. */
  async undo(): Promise<Outcome> {
    if (this.isSaving) return { kind: "refused" };
    this.isSaving = true;
    try {
      const answer = await answerTo(this.#api.takeBack(this.#read.etag));
      if ("refusal" in answer) return await this.#refused(answer.refusal, false);
      this.problems = {};
      await this.#readAgain(() => false);
      return { kind: "done", restart: answer.value.restart };
    } finally {
      this.isSaving = false;
    }
  }

  /** The code is not given; nothing is saved. */
  decline(): void {
    this.question = null;
  }

  async #load(): Promise<void> {
    if (!this.sections.length) {
      const answer = await answerTo(this.#api.fetchSchema());
      if ("refusal" in answer) return this.#fail(answer.refusal);
      this.sections = sectionsOf(answer.value);
    }
    const asked = this.#read;
    const answer = await answerTo(this.#api.fetchValues(asked.etag));
    if ("refusal" in answer) return this.#fail(answer.refusal);
    this.refusal = null;
    this.state = "ready";
    // What was saved meanwhile is newer than this answer.
    if (!answer.value || this.isSaving || this.#read !== asked) return;
    const isFirst = this.#read.etag === "";
    const before = this.#read.values;
    this.#take(answer.value);
    if (!isFirst) this.#compare(before);
  }

  /** What was loaded before stays when the server is away for a moment. */
  #fail(refusal: ApiError): void {
    this.refusal = refusal;
    const isLost = refusal.status === 403 || !this.#read.etag;
    if (isLost) this.state = "refused";
  }

  async #refused(refusal: ApiError, hadCode: boolean): Promise<Outcome> {
    const { status, problems, message } = refusal;
    if (status === 428) {
      this.question = { ids: problems.map(({ path }) => path), isWrong: hadCode };
      return { kind: "asks" };
    }
    this.question = null;
    if (status === 409) {
      const before = this.#read.values;
      const answer = await answerTo(this.#api.fetchValues());
      if ("value" in answer && answer.value && answer.value.etag !== this.#read.etag) {
        this.#take(answer.value);
        this.#compare(before);
        return { kind: "conflict" };
      }
    }
    const known = problems.filter(({ path }) => this.fields.has(path));
    const others = problems.filter(({ path }) => !this.fields.has(path));
    const texts = others.map((one) => one.error);
    if (!problems.length) texts.push(message);
    this.problems = Object.fromEntries([
      ...known.map((one) => [one.path, one.error] as const),
      ...(texts.length ? [["", texts.join("\n")] as const] : []),
    ]);
    return { kind: "refused" };
  }

  /** Read what was written; the edits go that are done. */
  async #readAgain(isDone: (id: string) => boolean): Promise<void> {
    const answer = await answerTo(this.#api.fetchValues());
    this.#edits = Object.fromEntries(Object.entries(this.#edits).filter(([id]) => !isDone(id)));
    if ("refusal" in answer) this.refusal = answer.refusal;
    else if (answer.value) this.#take(answer.value);
  }

  /** Take what conf.yaml says now; an edit that it has already is none any more. */
  #take(read: Values): void {
    this.#read = read;
    const open = Object.entries(this.#edits).filter(([, { path, value }]) => {
      const saved = at(read.values, path);
      if (secretAt(saved) !== null) return value !== null || secretAt(saved) === true;
      return value === null ? saved !== undefined : !same(value, saved);
    });
    this.#edits = Object.fromEntries(open);
    // What was wrong with an edit that the file has by now is so no more.
    const wrong = Object.entries(this.problems).filter(([id]) =>
      id ? id in this.#edits : open.length > 0,
    );
    this.problems = Object.fromEntries(wrong);
  }

  /** Tell what somebody else has changed since `before`, and what was told and is not known yet. */
  #compare(before: Readonly<Record<string, unknown>>): void {
    const told = new Map(this.changedElsewhere.map((one) => [one.field.id, one.before]));
    this.changedElsewhere = [...this.fields.values()].flatMap((field) => {
      const was = told.has(field.id) ? told.get(field.id) : at(before, field.path);
      const now = this.savedOf(field);
      return same(was, now) ? [] : [{ field, before: was, now, isMine: this.isChanged(field) }];
    });
  }

  /** What is set anew is not known to be wrong. */
  #mend(id: string): void {
    this.problems = without(this.problems, id, "");
  }
}

function without<T>(
  all: Readonly<Record<string, T>>,
  ...keys: readonly string[]
): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key)));
}

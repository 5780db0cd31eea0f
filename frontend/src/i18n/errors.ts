/** What failed, in the words of the page: what was wrong, what to do, and which button does it. */

import type { ErrorCode } from "@open-llm-vtuber/shared/protocol/messages";

/** What belongs into the words: what the server tells by name, and the part of it that failed. */
export type ErrorParams = Readonly<Record<string, string>>;

export type ErrorWords = Record<ErrorCode, (params: ErrorParams) => string> & {
  /** What the kinds of engine are called, and one of no kind that is known here. */
  readonly parts: Readonly<Record<string, string>> & { readonly other: string };
  /** A part of the page could not be loaded, since the server is away, or for another reason. */
  readonly lateAway: string;
  readonly lateOther: string;
  readonly copyDetails: string;
  /** The button that unfolds the server's own sentence. */
  readonly details: string;
  readonly openSettings: string;
  readonly chooseLanguage: string;
  readonly again: string;
};

/** What a button beside the words does: it opens settings, or has it tried once more. */
export type Mend = "settings" | "language" | "again";

/** Where the server's own sentence says more: what a service answered, which file, what to install. */
const DETAILED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "engine-failed",
  "engine-missing",
  "engine-timeout",
  "package-missing",
  "weights-missing",
  "service-unreachable",
  "service-failed",
  "service-refused",
  "service-busy",
  "model-unknown",
  "memory-short",
  "disk-full",
  "quota-spent",
  "key-wrong",
  "prompt-too-long",
  "picture-refused",
  "message-malformed",
  "message-unknown",
  "message-too-large",
  "limit-reached",
  "history-failed",
  "character-unreadable",
  "tool-unasked",
  "conf-unwritable",
  "conf-changed",
  "language-model-absent",
  "card-unreadable",
  "look-unfit",
  "look-taken",
  "file-too-large",
]);

const MENDS: ReadonlyMap<ErrorCode, Mend> = new Map<ErrorCode, Mend>([
  ...(
    [
      "engine-missing",
      "package-missing",
      "weights-missing",
      "service-refused",
      "model-unknown",
      "memory-short",
      "quota-spent",
      "key-wrong",
      "pictures-unseen",
    ] as const
  ).map((code) => [code, "settings"] as const),
  ["script-unspoken", "language"],
  ...(
    [
      "internal",
      "engine-failed",
      "engine-loading",
      "engine-timeout",
      "service-unreachable",
      "service-busy",
      "service-failed",
      "turn-timeout",
      "no-answer",
    ] as const
  ).map((code) => [code, "again"] as const),
]);

/** What an `error` tells. */
export interface Told {
  readonly message: string;
  readonly code?: ErrorCode | undefined;
  readonly about?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

export interface Worded {
  readonly text: string;
  /** The server's own sentence, in English; "" where it says nothing more. */
  readonly detail: string;
  /** What mends it, if a button can. */
  readonly mend: Mend | undefined;
}

/** Return the words of what failed; what has no code that is known here has those of the server. */
export function worded(words: ErrorWords, error: Told): Worded {
  const { code, message, about = "" } = error;
  if (code === undefined || !(code in words)) return { text: message, detail: "", mend: undefined };
  const params = Object.entries(error.params ?? {}).map(([name, value]) => [name, String(value)]);
  const part = words.parts[about] ?? words.parts.other;
  const text = words[code]({ ...Object.fromEntries(params), about, part });
  return { text, detail: DETAILED.has(code) ? message : "", mend: MENDS.get(code) };
}

/** The arguments of a call as a person can read them: nothing in them is hidden, or more than text. */

export interface Argument {
  readonly name: string;
  readonly value: string;
  /** Its beginning, where the whole is long; else "". */
  readonly beginning: string;
}

const LONG_CHARS = 240;
const LONG_LINES = 6;
const BEGINNING_CHARS = 80;

/** What is not seen, or changes the order in which other characters are seen. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

const STRINGS = /"(?:\\.|[^"\\])*"/gs;
/** Integers that a number of JavaScript may not hold: it would be shown as another one. */
const LONG_INTEGER = /(?<![\d.])\d{16,}/;

/** Return a text in which all that is not seen is written out; lines stay lines. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (hidden) =>
    hidden === "\n" ? hidden : `\\u{${hidden.codePointAt(0)?.toString(16)}}`,
  );
}

/** Return the arguments in `json`, one by one; where that cannot be done as they are, the text. */
export function readArguments(json: string): Argument[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return [argument("", json)];
  }
  const isExact = !LONG_INTEGER.test(json.replaceAll(STRINGS, '""'));
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed) || !isExact) {
    return [argument("", json)];
  }
  return Object.entries(parsed).map(([name, value]: [string, unknown]) =>
    argument(name, typeof value === "string" ? value : JSON.stringify(value, null, 2)),
  );
}

function argument(name: string, text: string): Argument {
  const value = visible(text);
  const isLong = value.length > LONG_CHARS || value.split("\n").length > LONG_LINES;
  const beginning = isLong ? value.slice(0, BEGINNING_CHARS).replaceAll("\n", " ") : "";
  return { name: visible(name), value, beginning };
}

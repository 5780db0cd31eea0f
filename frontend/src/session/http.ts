/** Questions to the server over HTTP. What comes is checked where it comes in; what fails says why. */

import { address } from "@open-llm-vtuber/shared/access";
import type { CommonWords } from "@open-llm-vtuber/shared/i18n/common";
import { isListOf, isMadeOf, isObject, isText, type Check } from "@open-llm-vtuber/shared/kept";
import type { ErrorCode } from "@open-llm-vtuber/shared/protocol/messages";

import { worded, type ErrorWords, type Told, type Worded } from "../i18n/errors";

/** What the server says of one key or field. */
export interface Problem {
  /** With dots; "" where it is of none. */
  readonly path: string;
  readonly error: string;
}

/** What failed, for programs: where the server knows it by a code. */
export type Fault = Omit<Told, "message">;

/** Why the server did not do something: the message is its own sentence, in English. */
export class ApiError extends Error {
  override name = "ApiError";

  /** @param status of HTTP; 0 where the server was not reached, of which the message says nothing */
  constructor(
    readonly status: number,
    message = "",
    readonly problems: readonly Problem[] = [],
    readonly fault: Fault = {},
  ) {
    super(message);
  }

  /** All that is to be told of it: each problem where there are some. */
  get why(): string {
    const each = new Set(this.problems.map(({ error }) => error)); // one may be of several keys
    return [...each].join("\n") || this.message;
  }
}

/**
 * Return why something was not done: in the words of the page, with the server's sentence as the
 * detail; what the page has no words for in the server's alone.
 */
export function whyOf(
  { why: message, fault }: ApiError,
  { common, errors }: { readonly common: CommonWords; readonly errors: ErrorWords },
): Worded {
  return worded(errors, message ? { ...fault, message } : { message: common.unreachable });
}

/** What became of a question: an answer, or why there is none. */
export type Answer<T> = { readonly value: T } | { readonly refusal: ApiError };

/** Return what becomes of a question. */
export async function answerTo<T>(question: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await question };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { refusal: error };
  }
}

export interface Asking {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  /** Gives the question up. */
  readonly signal?: AbortSignal | undefined;
}

const NOT_MODIFIED = 304;

/**
 * Ask for `path`, which begins with a slash. An answer that `check` does not know is a failure, too;
 * one without a body is null. Throws ApiError, or what the signal says.
 */
export async function ask<T>(path: string, check: Check<T>, asking: Asking = {}): Promise<T> {
  const { method = "GET", json, form, headers = {}, signal } = asking;
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(address(path), {
      method,
      cache: "no-store",
      headers: json === undefined ? headers : { "Content-Type": "application/json", ...headers },
      ...(signal && { signal }),
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(form && { body: form }),
    });
    text = await answer.text();
  } catch {
    signal?.throwIfAborted();
    throw new ApiError(0);
  }
  return understood(answer.status, text, check);
}

/** Return what an answer says. Throws ApiError. */
export function understood<T>(status: number, text: string, check: Check<T>): T {
  const told = parsed(text);
  const isDone = (status >= 200 && status < 300) || status === NOT_MODIFIED;
  if (isDone && check(told)) return told;
  const { error, problems, detail } = isObject(told) ? told : {};
  const found = isProblems(problems) ? problems : refusedBody(detail);
  const said = isText(error) ? error : found.map((one) => one.error).join("\n");
  throw new ApiError(status, said || `HTTP ${status}`, found, faultIn(told));
}

/** Return what an answer says of what failed, for programs. */
export function faultIn(told: unknown): Fault {
  const { code, about, params } = isObject(told) ? told : {};
  if (!isText(code)) return {};
  return {
    code: code as ErrorCode, // one that is not known here is told in the server's words
    about: isText(about) ? about : undefined,
    params: isObject(params) ? params : undefined,
  };
}

/** Return a file's place as a part of a path; it may be in a folder. */
export function inPath(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}

const isProblems = isListOf(isMadeOf<Problem>({ path: isText, error: isText }));
const isRefused = isListOf(
  isMadeOf<{ loc: unknown[]; msg: string }>({ loc: Array.isArray, msg: isText }),
);

/** What the framework says of a body that it does not take. */
function refusedBody(detail: unknown): Problem[] {
  if (!isRefused(detail)) return [];
  return detail.map(({ loc, msg }) => ({ path: loc.join("."), error: msg }));
}

function parsed(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null; // a page of something that stands before the server
  }
}

/** Questions to the server, each with the answer or the error that brings its id back. */

import type { ClientMessage, ServerMessage } from "@open-llm-vtuber/shared/protocol/messages";

import { Pending } from "./pending";

/** What answers each kind of question. */
const ANSWERS = {
  "fetch-and-set-history": "history-data",
  "switch-config": "config-switched",
  "fetch-language-models": "language-models",
  "fetch-languages": "languages",
  "choose-language-model": "settings-changed",
  "choose-language": "settings-changed",
  "choose-remembering": "settings-changed",
  "fetch-memory": "memory",
  "set-person": "memory-changed",
  "pin-fact": "memory-changed",
  "correct-fact": "memory-changed",
  "forget-fact": "memory-changed",
  "forget-message": "memory-changed",
  "forget-everything": "memory-changed",
  "keep-conversation": "memory-changed",
  "import-memory": "memory-changed",
  "choose-version": "history-data",
  "delete-message": "history-data",
  "restore-message": "history-data",
  "fetch-conversations": "conversations",
  "rename-conversation": "conversation-changed",
  "pin-conversation": "conversation-changed",
  "delete-conversation": "conversation-deleted",
} as const;

export type RequestKind = keyof typeof ANSWERS;
export type Question<K extends RequestKind> = { type: K } & Omit<
  Extract<ClientMessage, { type: K }>,
  "type" | "request_id"
>;
export type Reply<K extends RequestKind> = Extract<ServerMessage, { type: (typeof ANSWERS)[K] }>;

/** Why a question has no answer: the server said no, the connection is gone, it took too long. */
export type RequestProblem = "refused" | "lost" | "late";

export class RequestError extends Error {
  override name = "RequestError";

  constructor(
    readonly problem: RequestProblem,
    message: string,
  ) {
    super(message);
  }
}

interface Asked {
  readonly resolve: (answer: ServerMessage) => void;
  readonly reject: (error: unknown) => void;
}

export interface RequestOptions {
  /** So long an answer may take; without it, as long as the connection lasts. */
  readonly timeoutMs?: number;
  /** Gives the question up; what it is answered then is nobody's. */
  readonly signal?: AbortSignal;
}

/** What became of something that was asked for. */
export type Outcome = "done" | RequestProblem;

/** Return what became of a question. */
export async function outcomeOf(question: Promise<unknown>): Promise<Outcome> {
  try {
    await question;
    return "done";
  } catch (error) {
    if (error instanceof RequestError) return error.problem;
    throw error;
  }
}

const KINDS_OF_ANSWERS: ReadonlySet<string> = new Set(Object.values(ANSWERS));

function isAnswer(message: ServerMessage): message is Reply<RequestKind> {
  return KINDS_OF_ANSWERS.has(message.type);
}

/** The questions of one connection. */
export class Requests {
  readonly #pending = new Map<string, Pending<Asked>>();
  readonly #send: (message: ClientMessage) => boolean;

  /** @param send says whether there is a connection */
  constructor(send: (message: ClientMessage) => boolean) {
    this.#send = send;
  }

  /**
   * Ask. Rejects with RequestError, or with the reason of the signal.
   *
   * A server that brings no ids back answers questions of one kind in their order.
   */
  async ask<K extends RequestKind>(
    question: Question<K>,
    { timeoutMs, signal }: RequestOptions = {},
  ): Promise<Reply<K>> {
    signal?.throwIfAborted();
    const pending = this.#of(ANSWERS[question.type]);
    let id = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const given = new AbortController();
    try {
      return await new Promise<Reply<K>>((resolve, reject) => {
        id = pending.add({ resolve: (answer) => resolve(answer as Reply<K>), reject });
        const message = { ...question, request_id: id } as unknown as ClientMessage;
        if (!this.#send(message)) reject(new RequestError("lost", "There is no connection."));
        if (timeoutMs !== undefined) {
          const late = new RequestError("late", `No answer came within ${timeoutMs} ms.`);
          timer = setTimeout(() => reject(late), timeoutMs);
        }
        signal?.addEventListener("abort", () => reject(signal.reason), { signal: given.signal });
      });
    } finally {
      pending.failed(id); // whatever comes of it now is nobody's
      clearTimeout(timer);
      given.abort();
    }
  }

  /** A message has come: if it is an answer, or the error of a question, who asked is told. */
  hear(message: ServerMessage): void {
    if (message.type === "error") {
      for (const pending of this.#pending.values()) {
        pending.failed(message.request_id)?.reject(new RequestError("refused", message.message));
      }
    } else if (isAnswer(message)) {
      this.#pending.get(message.type)?.answered(message.request_id)?.resolve(message);
    }
  }

  /** The connection is gone: nothing of it will be answered any more. */
  lose(): void {
    for (const pending of this.#pending.values()) {
      for (const { reject } of pending.clear()) {
        reject(new RequestError("lost", "The connection was lost before the answer."));
      }
    }
  }

  #of(answer: string): Pending<Asked> {
    const pending = this.#pending.get(answer) ?? new Pending<Asked>(answer);
    this.#pending.set(answer, pending);
    return pending;
  }
}

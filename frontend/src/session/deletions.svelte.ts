/** Conversations that are to be deleted: hidden at first, so that it can be taken back; then for good. */

import {
  DELETIONS,
  isListOf,
  isMadeOf,
  isText,
  keep,
  readKept,
} from "@open-llm-vtuber/shared/kept";

import type { Connection } from "./connection.svelte";

/** Which conversation is meant. */
export interface ConversationName {
  readonly conf_uid: string;
  readonly uid: string;
}

/** One whose answer got lost with its page would stay for ever. */
const MOST_DUE = 100;

interface Kept {
  readonly due: readonly ConversationName[];
}

const isName = isMadeOf<ConversationName>({ conf_uid: isText, uid: isText });

export function isSame(one: ConversationName, other: ConversationName): boolean {
  return one.uid === other.uid && one.conf_uid === other.conf_uid;
}

export class Deletions {
  readonly #connection: Connection;
  /** They are not shown: they will be deleted, unless that is taken back. */
  #hidden = $state.raw<readonly ConversationName[]>([]);
  /** Those whose time to be taken back is over; kept, as a page that is left cannot be sure to send. */
  #due: readonly ConversationName[];
  /** Those of them whose deletion this connection was asked for. */
  #asked: readonly ConversationName[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#due = readKept<Kept>("localStorage", DELETIONS, { due: isListOf(isName) }).due ?? [];
    this.#hidden = this.#due;
    connection.on("lost", () => (this.#asked = []));
    connection.on("conversation-deleted", ({ conf_uid, history_uid }) => {
      const gone = { conf_uid, uid: history_uid };
      this.#keepDue(without(this.#due, gone));
      this.#asked = without(this.#asked, gone);
      this.restore(gone);
    });
  }

  hides(name: ConversationName): boolean {
    return this.#hidden.some((one) => isSame(one, name));
  }

  /** Show a conversation no longer; `delete` or `restore` must follow. */
  hide({ conf_uid, uid }: ConversationName): void {
    this.#hidden = [...this.#hidden, { conf_uid, uid }];
  }

  restore(name: ConversationName): void {
    this.#hidden = without(this.#hidden, name);
  }

  /** Delete a conversation for good, now or when there is a connection again. */
  delete({ conf_uid, uid }: ConversationName): void {
    const name = { conf_uid, uid };
    this.#keepDue([...without(this.#due, name), name]);
    if (this.#asked.some((one) => isSame(one, name))) return;
    const question = { type: "delete-conversation", conf_uid, history_uid: uid } as const;
    if (this.#connection.send(question)) this.#asked = [...this.#asked, name];
  }

  /** Delete what is hidden, since there is no time left to take it back. */
  deleteHidden(): void {
    for (const name of this.#hidden) this.delete(name);
  }

  /** Ask for what was due while there was no connection, or by a page that was left. */
  resume(): void {
    for (const name of this.#due) this.delete(name);
  }

  #keepDue(due: readonly ConversationName[]): void {
    this.#due = due.slice(-MOST_DUE);
    keep("localStorage", DELETIONS, { due: this.#due } satisfies Kept);
  }
}

function without(
  names: readonly ConversationName[],
  name: ConversationName,
): readonly ConversationName[] {
  return names.filter((one) => !isSame(one, name));
}

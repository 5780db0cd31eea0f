/** Pictures that wait for a message, kept in the browser's database, for each conversation. */

import { isListOf, isMadeOf, isOneOf, isText } from "@open-llm-vtuber/shared/kept";
import type { Image } from "@open-llm-vtuber/shared/protocol/messages";

/** Those of older conversations are forgotten. */
const MOST = 20;
/** The same by size, of all together. */
const MOST_CHARS = 48 * 2 ** 20;
const DATABASE = "open-llm-vtuber";
/** The pictures by conversation, and beside them how large they are, so that only that is read. */
const PICTURES = "draft-pictures";
const SIZES = "draft-sizes";

export interface PictureStore {
  read(conversation: string): Promise<readonly Image[]>;
  write(conversation: string, pictures: readonly Image[]): Promise<void>;
}

const arePictures = isListOf<Image>(
  isMadeOf<Image>({
    source: isOneOf("camera", "screen", "clipboard", "upload"),
    data: isText,
    mime_type: isText,
  }),
);

/** Where the browser keeps nothing, nothing is kept, and nothing else fails. */
export class BrowserPictures implements PictureStore {
  #opened: Promise<IDBDatabase> | undefined;

  async read(conversation: string): Promise<readonly Image[]> {
    try {
      const stores = await this.#stores("readonly");
      const kept: unknown = await done(stores.objectStore(PICTURES).get(conversation));
      return arePictures(kept) ? kept : [];
    } catch (error) {
      console.warn("The pictures of a draft cannot be read.", error);
      return [];
    }
  }

  async write(conversation: string, pictures: readonly Image[]): Promise<void> {
    try {
      const stores = await this.#stores("readwrite");
      const forget = (name: string): void => {
        stores.objectStore(PICTURES).delete(name);
        stores.objectStore(SIZES).delete(name);
      };
      forget(conversation);
      if (!pictures.length) return;
      const chars = pictures.reduce((sum, { data }) => sum + data.length, 0);
      const size: Size = { name: conversation, at: Date.now(), chars };
      stores.objectStore(PICTURES).put(pictures, conversation);
      stores.objectStore(SIZES).put(size, conversation);
      const sizes = (await done(stores.objectStore(SIZES).getAll())) as Size[];
      surplus(sizes, conversation).forEach(forget);
    } catch (error) {
      console.warn("The pictures of a draft last as long as the page.", error);
    }
  }

  async #stores(mode: IDBTransactionMode): Promise<IDBTransaction> {
    this.#opened ??= open();
    try {
      return (await this.#opened).transaction([PICTURES, SIZES], mode);
    } catch (error) {
      this.#opened = undefined; // it may have been closed, or deleted by the person
      throw error;
    }
  }
}

export interface Size {
  readonly name: string;
  readonly at: number;
  readonly chars: number;
}

/** Return the names of those that go, the oldest first; the one just written stays. Pure. */
export function surplus(sizes: readonly Size[], newest: string): string[] {
  const order = [...sizes].sort((one, other) =>
    one.name === newest ? -1 : other.name === newest ? 1 : other.at - one.at,
  );
  let left = MOST_CHARS;
  return order
    .filter(({ name, chars }, at) => {
      left -= chars;
      return name !== newest && (at >= MOST || left < 0);
    })
    .map(({ name }) => name);
}

async function open(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => {
    for (const name of [PICTURES, SIZES]) opening.result.createObjectStore(name);
  };
  const database = await done(opening);
  database.onversionchange = () => database.close();
  return database;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's database failed"));
  });
}

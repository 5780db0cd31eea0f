/** What the browser keeps as JSON. It is checked when it is read: another version may have left it. */

/** Where the choices for this browser are kept, what it still has to delete, what is being written, what goes on in this tab. */
export const SETTINGS = "open-llm-vtuber:settings";
export const DELETIONS = "open-llm-vtuber:deletions";
export const DRAFTS = "open-llm-vtuber:drafts";
export const CONVERSATION = "open-llm-vtuber:conversation";

export type Check<T> = (value: unknown) => value is T;
/** What is right for each field of `T`. */
export type Checks<T> = { readonly [K in keyof T]-?: Check<T[K]> };
/** `localStorage` and `sessionStorage` throw where the browser keeps nothing, so they come by name. */
export type Place = "localStorage" | "sessionStorage";

export const isText: Check<string> = (value) => typeof value === "string";
export const isFlag: Check<boolean> = (value) => typeof value === "boolean";

export function isBetween(least: number, most: number): Check<number> {
  return (value): value is number => typeof value === "number" && least <= value && value <= most;
}

export function isOneOf<T extends string>(...options: readonly T[]): Check<T> {
  return (value): value is T => options.some((option) => option === value);
}

export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

export function isListOf<T>(check: Check<T>): Check<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(check);
}

export function isRecordOf<T>(check: Check<T>): Check<Record<string, T>> {
  return (value): value is Record<string, T> =>
    isObject(value) && Object.values(value).every(check);
}

/** Whether it is an object that has each of these fields as it should be. */
export function isMadeOf<T extends object>(checks: Checks<T>): Check<T> {
  return (value): value is T =>
    isObject(value) &&
    Object.entries<Check<unknown>>(checks).every(([name, check]) => check(value[name]));
}

/** Return those fields of what is kept under `key` that are as they should be. */
export function readKept<T extends object>(
  place: Place,
  key: string,
  checks: Checks<T>,
): Partial<T> {
  const kept = readAll(place, key);
  const right = Object.entries<Check<unknown>>(checks).filter(
    ([name, check]) => Object.hasOwn(kept, name) && check(kept[name]),
  );
  return Object.fromEntries(right.map(([name]) => [name, kept[name]])) as Partial<T>;
}

/** Change fields of what is kept under `key`; the others stay as they are there. */
export function keep(place: Place, key: string, change: object): void {
  try {
    globalThis[place].setItem(key, JSON.stringify({ ...readAll(place, key), ...change }));
  } catch (error) {
    console.warn("This lasts as long as the page, since the browser keeps nothing.", error);
  }
}

/** Forget what is kept under `key`. */
export function forget(place: Place, key: string): void {
  try {
    globalThis[place].removeItem(key);
  } catch (error) {
    console.warn("The browser keeps nothing, so there was nothing to forget.", error);
  }
}

function readAll(place: Place, key: string): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(globalThis[place].getItem(key) ?? "{}");
    return isObject(kept) ? kept : {};
  } catch (error) {
    console.warn("What was kept could not be read; the defaults are used.", error);
    return {};
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

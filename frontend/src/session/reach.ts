/** At which addresses other devices find this server: docs/settings-api.md. Throws ApiError. */

import { isListOf, isMadeOf, isOneOf, isText } from "@open-llm-vtuber/shared/kept";

import { ask } from "./http";

export interface Reach {
  /** `http`: browsers give no microphone there; `none`: this computer alone comes in. */
  readonly by: "https" | "http" | "none";
  /** The likeliest first. */
  readonly urls: readonly string[];
  /** Where a device is told how to trust this computer; "" where it need not. */
  readonly trust: string;
  readonly fingerprint: string;
}

const isReach = isMadeOf<Reach>({
  by: isOneOf("https", "http", "none"),
  urls: isListOf(isText),
  trust: isText,
  fingerprint: isText,
});

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Whether a page was opened under a name that only this computer knows. */
export function isOnlyHere({ hostname }: Pick<Location, "hostname">): boolean {
  return LOOPBACK.includes(hostname) || hostname.endsWith(".localhost");
}

/** Return it with the addresses as they are opened: with the token that the page has, if any. */
export async function fetchReach(here: string, signal?: AbortSignal): Promise<Reach> {
  const found = await ask("/api/reach", isReach, { signal });
  return { ...found, urls: found.urls.map((url) => withToken(url, here)) };
}

/** Return an address with the token of the page at `here`, unless it has one. */
export function withToken(url: string, here: string): string {
  const made = new URL(url);
  const token = new URL(here).searchParams.get("token");
  if (token && !made.searchParams.has("token")) made.searchParams.set("token", token);
  return made.href;
}

/** Whether this page is the one that the server hands out today. */

import { address } from "@open-llm-vtuber/shared/access";

/** The build names its scripts by what is in them. */
const ENTRY = "script[type=module][src]";

/**
 * Whether the server hands out another page by now, since it was updated while this one was open.
 * Not known is no: the server may be gone again.
 */
export async function isOutdated(): Promise<boolean> {
  const mine = document.querySelector(ENTRY)?.getAttribute("src");
  try {
    const answer = await fetch(address("/"), { cache: "no-store" });
    if (!answer.ok || !mine) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const theirs = page.querySelector(ENTRY)?.getAttribute("src");
    return Boolean(theirs) && theirs !== mine;
  } catch (error) {
    console.warn("Whether the page was updated is not known.", error);
    return false;
  }
}

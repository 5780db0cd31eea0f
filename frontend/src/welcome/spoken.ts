/** Which spoken language a first visitor is offered: the browser's, where she could speak it; pure. */

import type { LanguageChoice, Languages } from "@open-llm-vtuber/shared/protocol/messages";

export interface Offer {
  readonly choice: LanguageChoice;
  /** Whether it can be picked beforehand: not where what is said would go to a service. */
  readonly isPicked: boolean;
}

/**
 * Return the browser's first language that she could speak, where she speaks another one.
 *
 * @param tags of the browser, the most wanted first
 */
export function offerOf(known: Languages, tags: readonly string[]): Offer | null {
  for (const tag of tags) {
    const code = codeOf(tag);
    if (code === known.language) return null;
    const choice = known.languages.find(({ language }) => language === code);
    if (choice) return { choice, isPicked: !choice.asr.online && !choice.tts.online };
  }
  return null;
}

/** Return the two letters of a tag such as zh-CN. */
function codeOf(tag: string): string {
  const [code = ""] = tag.toLowerCase().split(/[-_]/);
  return code === "nb" || code === "nn" ? "no" : code;
}

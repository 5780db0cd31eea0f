/** All words of the page, in every language that it speaks; a language that lacks one does not compile. */

import { conversation as enConversation } from "./en/conversation";
import { crash as enCrash } from "./en/crash";
import { panels as enPanels } from "./en/panels";
import { conversation as zhConversation } from "./zh/conversation";
import { crash as zhCrash } from "./zh/crash";
import { panels as zhPanels } from "./zh/panels";

const en = { tag: "en", conversation: enConversation, panels: enPanels, crash: enCrash };
const zh: Words = {
  tag: "zh-CN",
  conversation: zhConversation,
  panels: zhPanels,
  crash: zhCrash,
};

export type Words = typeof en;
export type Language = "en" | "zh";

const LANGUAGES: Record<Language, Words> = { en, zh };

/** Return the words of a language; "auto" is the first that the browser prefers and we speak. */
export function wordsOf(language: Language | "auto"): Words {
  if (language !== "auto") return LANGUAGES[language];
  const known = navigator.languages
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag): tag is Language => tag in LANGUAGES);
  return LANGUAGES[known ?? "en"];
}

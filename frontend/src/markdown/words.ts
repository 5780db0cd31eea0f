/** The words that are drawn around Markdown. */

import type { CommonWords } from "@open-llm-vtuber/shared/i18n/common";

import type { talking } from "../i18n/en/talking";

export interface MarkdownWords {
  readonly common: CommonWords;
  readonly talking: typeof talking;
}

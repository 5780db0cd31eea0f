/** Tells what the server could not do: in the page's words, once, with the button that mends it. */

import type { Error as Told, ErrorCode } from "@open-llm-vtuber/shared/protocol/messages";

import { worded, type ErrorWords, type Mend } from "../i18n/errors";
import { isOfVoice } from "./turn_answer";
import type { MessageActions } from "./message_actions.svelte";
import type { Notice, Notices } from "./notices.svelte";
import type { ServerChoices } from "./server_choices.svelte";

/** What of the page is asked. */
interface Surroundings {
  readonly words: { readonly errors: ErrorWords };
  readonly notices: Pick<Notices, "add">;
  readonly choices: Pick<ServerChoices, "isAllowed">;
  readonly actions: Pick<MessageActions, "lastAsked" | "answerAnew">;
  openSettings(): void;
  openLanguage(): void;
}

/** What is no fault of anything. */
const PLAIN: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["nothing-heard", "script-unspoken"]);

/** Show an error, or count it where it is shown. */
export function tell(page: Surroundings, error: Told): void {
  const { text, detail, mend } = worded(page.words.errors, error);
  page.notices.add(text, {
    // That nobody was understood is over when it is told; what the voice cannot say is no failure.
    tone: error.code !== undefined && PLAIN.has(error.code) ? "info" : "error",
    ...(error.code === "script-unspoken" && { stays: true }),
    detail,
    cause: causeOf(error),
    action: mend && actionOf(page, mend, error),
  });
}

/**
 * Return what tells a fault from others. Services put the time or the number of a request into what
 * they say of one; of what has a code, that counts, and what it is about.
 */
function causeOf({ message, code, about, params }: Told): string {
  return code === undefined ? message : JSON.stringify([code, about, params]);
}

function actionOf(page: Surroundings, mend: Mend, error: Told): Notice["action"] {
  const { openSettings, chooseLanguage, again } = page.words.errors;
  if (mend !== "again") {
    if (!page.choices.isAllowed) return undefined;
    if (mend === "settings") return { label: openSettings, run: () => page.openSettings() };
    return { label: chooseLanguage, run: () => page.openLanguage() };
  }
  // What was spoken has to be heard before it can be answered, and of a voice the words are there.
  if (error.turn === undefined || error.about === "asr" || isOfVoice(error)) return undefined;
  const asked = page.actions.lastAsked();
  return asked && { label: again, run: () => page.actions.answerAnew(asked) };
}

/** Opening a stored conversation, at a message of it where one is meant. */

import type { Page } from "../../session/page.svelte";
import { entryOf, type Said } from "../../session/places";

interface Opened {
  readonly uid: string;
  /** The character's file, where it is another one than the one that is here. */
  readonly file?: string | null;
}

/** Go on with a conversation; `said` is then to be seen, with the words for which it was found. */
export async function openAt(
  page: Page,
  { uid, file }: Opened,
  said?: Said,
  words = "",
): Promise<void> {
  const { library } = page;
  page.place = null;
  if (uid !== library.currentConversation) {
    const isElsewhere = file && file !== library.currentCharacter;
    const opening = isElsewhere ? library.change(file, uid) : library.open(uid);
    page.panel = null;
    if ((await opening) !== "done") return;
  }
  const entry = said && entryOf(page.conversation.entries, said, words);
  if (entry) {
    page.settings.set({ showConversation: true });
    page.place = { entry: entry.id, words };
  }
  page.panel = null;
}

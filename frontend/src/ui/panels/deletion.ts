/** Deleting a conversation, with some seconds to take that back. */

import type { HistorySummary } from "@open-llm-vtuber/shared/protocol/messages";

import type { Page } from "../../session/page.svelte";
import { withoutTags } from "../../session/tags";
import { excerpt } from "./highlight";

const PREVIEW_CHARS = 40;

/** Show a conversation no longer, and delete it when the notice that offers it back is gone. */
export function deleteWithUndo(page: Page, summary: HistorySummary): void {
  const { library, notices } = page;
  const words = page.words.panels;
  const { uid } = summary;
  const isCurrent = uid === library.currentConversation;
  let isTakenBack = false;
  library.hide(uid);
  if (isCurrent) library.begin();
  const said = withoutTags(summary.latest_message.content, page.character.emotions);
  const preview = excerpt(said, "", PREVIEW_CHARS);
  notices.add(words.conversations.deleted(preview), {
    action: {
      label: words.undo,
      run: () => {
        isTakenBack = true;
        library.restore(uid);
        if (isCurrent) void library.open(uid);
      },
    },
    gone: () => {
      if (!isTakenBack) library.delete(uid);
    },
  });
}

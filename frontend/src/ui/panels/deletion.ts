/** Deleting a conversation, with some seconds to take that back. */

import type { ListedConversation } from "@open-llm-vtuber/shared/protocol/messages";

import type { Page } from "../../session/page.svelte";
import { titleOf } from "./titles";

/** Show a conversation no longer, and delete it when the notice that offers it back is gone. */
export function deleteWithUndo(page: Page, conversation: ListedConversation): void {
  const { deletions, library, notices } = page;
  const { uid } = conversation;
  const isCurrent = uid === library.currentConversation;
  let isTakenBack = false;
  deletions.hide(conversation);
  if (isCurrent) library.begin();
  notices.add(page.words.conversations.deleted(titleOf(conversation, page.words)), {
    action: {
      label: page.words.panels.undo,
      run: () => {
        isTakenBack = true;
        deletions.restore(conversation);
        if (isCurrent) void library.open(uid);
      },
    },
    gone: () => {
      if (!isTakenBack) deletions.delete(conversation);
    },
  });
}

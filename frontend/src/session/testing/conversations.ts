/** Stored conversations as a scripted server lists them. */

import type { ListedConversation } from "@open-llm-vtuber/shared/protocol/messages";

export function listed(uid: string, more: Partial<ListedConversation> = {}): ListedConversation {
  return {
    uid,
    conf_uid: "wren",
    file: "conf.yaml",
    character: "Wren",
    title: uid,
    named: false,
    pinned: false,
    people: [],
    timestamp: "2026-01-01T00:00:00",
    latest: null,
    found: [],
    found_more: 0,
    ...more,
  };
}

/** What all places have in common in which she is drawn. */

import type { Face } from "../avatar/face";
import type { Mood } from "../avatar/types";
import type { Conversation } from "../session/conversation.svelte";
import type { Page } from "../session/page.svelte";

/** Return where on a stage something happens, in CSS px from its top left. */
export function placeOn(stage: HTMLElement, event: MouseEvent): [x: number, y: number] {
  const { left, top } = stage.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}

/** Return what she is doing: she listens when nobody waits for her. */
export function moodOf({ conversation, microphone }: Page): Mood {
  if (conversation.turn !== "idle") return conversation.turn;
  return microphone.isListening ? "listening" : "idle";
}

/** Have a face follow what is said in a conversation, until what is returned is called. */
export function followConversation(conversation: Conversation, face: Face): () => void {
  const ends = [
    conversation.on("sentence", (expressions, strength) => face.sentence(expressions, strength)),
    conversation.on("turn", (turn) => {
      if (turn === "idle") face.rest();
    }),
  ];
  return () => ends.forEach((end) => end());
}

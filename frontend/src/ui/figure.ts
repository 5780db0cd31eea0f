/** What all places have in common in which she is drawn. */

import type { Face } from "../avatar/face";
import type { Mood } from "../avatar/types";
import type { ConversationEvents } from "../session/conversation.svelte";
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

/** A conversation that one is in, or looks on at. */
interface Talk {
  on(kind: "sentence", listener: (...told: ConversationEvents["sentence"]) => void): () => void;
  on(kind: "turn", listener: (...told: ConversationEvents["turn"]) => void): () => void;
}

/** Have a face follow what she says, until what is returned is called. */
export function followTalk(talk: Talk, face: Face): () => void {
  const ends = [
    talk.on("sentence", (expressions, strength) => face.sentence(expressions, strength)),
    talk.on("turn", (turn) => {
      if (turn === "idle") face.rest();
    }),
  ];
  return () => ends.forEach((end) => end());
}

/** English words of what was said, and of saying it: messages, drafts, pictures, push-to-talk. */

export const talking = {
  done: "Done:",
  toDo: "To do:",
  table: "Table",
  code: (language: string) => (language ? `Code, ${language}` : "Code"),
  copyCode: "Copy the code",
  enlarge: (at: number, count: number) =>
    count === 1 ? "Enlarge the picture" : `Enlarge picture ${at} of ${count}`,
  picture: (at: number, count: number) =>
    count === 1 ? "The picture that you showed" : `Picture ${at} of ${count} that you showed`,
  pictureGone: "This picture is no longer kept.",
  closePicture: "Close the picture",
  open: "Open the conversation",
  last: "What was said last",
  blind:
    "This language model sees no pictures. One that does is set in conf.yaml, or under Settings.",
  hold: "Hold to talk",
  held: "Listening; let go to send",
  tooShort: "Hold it while you speak",
};

const BUSY = "The server is busy. What you wrote is back in the box: send it again in a moment.";

/** What was written and is not taken, by the name of the limit; it comes back into the box. */
export const limits: Readonly<Record<string, (limit: string) => string>> = {
  max_text_chars: (limit: string) =>
    `That is longer than this server takes (${limit} characters). It is back in the box: shorten it, and send it again.`,
  max_images: (limit: string) =>
    `This server takes ${limit} pictures with one message. They are back beside the box: remove some.`,
  max_queued_turns: () => BUSY,
  max_queued_turns_bytes: () => BUSY,
  max_held_bytes: () => BUSY,
  max_incoming_bytes: () => BUSY,
};

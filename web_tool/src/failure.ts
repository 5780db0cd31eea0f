/** What can go wrong, by name: the words for it are chosen where it is shown. */

export const TROUBLES = [
  "unreachable", // no answer from the server
  "token", // it wants its access token
  "refused", // it turned the connection away
  "lost", // the connection broke in the middle
  "server", // it answered with a reason of its own, kept as the detail
  "tooLarge", // the upload is over its limit
  "undecodable", // the browser cannot read the file
  "empty", // there is no sound in it
  "denied", // the person or the browser forbids the microphone
  "noMicrophone",
  "microphoneBusy",
  "insecure", // browsers give microphones to secure pages only
  "gone", // a sound that the server has removed meanwhile
  "nothingToSay",
] as const;

export type Trouble = (typeof TROUBLES)[number];

/** Something that went wrong and that the person can be told. */
export class Failure extends Error {
  constructor(
    readonly trouble: Trouble,
    /** What the other side said about it, in its own words. */
    readonly detail = "",
  ) {
    super(detail || trouble);
    this.name = "Failure";
  }
}

/** Returns `error` if it can be told; whatever else is thrown is a fault of the page's. */
export function tellable(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

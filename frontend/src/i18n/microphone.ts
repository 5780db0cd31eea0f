/** Why the microphone cannot be had, in the words of the page. */

import type { MicrophoneProblem } from "@open-llm-vtuber/shared/audio/microphone";

type Said = string | ((detail: string) => string);

/** @param trouble `detail` is what the browser says of it */
export function microphoneTrouble(
  words: Readonly<Record<MicrophoneProblem, Said>>,
  { problem, detail }: { readonly problem: MicrophoneProblem; readonly detail: string },
): string {
  const said = words[problem];
  if (typeof said === "string") return said;
  // Where pages are not secure, the words say under which address this one would be.
  return said(problem === "insecure" ? location.port && `:${location.port}` : detail || problem);
}

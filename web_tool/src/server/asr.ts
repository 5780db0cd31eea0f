/** Sends a sound to /asr. */

import { address } from "@open-llm-vtuber/shared/access";

import { Failure } from "../failure";

export interface Heard {
  text: string;
  /** From the first byte sent to the last byte of the answer. */
  took_ms: number;
}

/** Returns what the server hears in a WAV file. Throws Failure, or AbortError once `signal` says so. */
export async function transcribe(wav: Blob, signal: AbortSignal): Promise<Heard> {
  const form = new FormData();
  form.append("file", wav, "sound.wav");
  const started = performance.now();
  let answer: Response;
  try {
    answer = await fetch(address("/asr"), { method: "POST", body: form, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Failure("unreachable");
  }
  const body = await read(answer);
  const took_ms = performance.now() - started;
  if (answer.ok && typeof body.text === "string") return { text: body.text.trim(), took_ms };
  const detail = body.error ?? `HTTP ${answer.status}`;
  if (answer.status === 401) throw new Failure("token", detail);
  if (answer.status === 413) throw new Failure("tooLarge", detail);
  throw new Failure("server", detail);
}

/** A reverse proxy's own error page is not JSON; then there is nothing to read. */
async function read(answer: Response): Promise<{ text?: string; error?: string }> {
  try {
    return (await answer.json()) as { text?: string; error?: string };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

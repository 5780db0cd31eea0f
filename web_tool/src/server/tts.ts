/** Speaks a text through /tts-ws, and fetches the sounds that are announced there. */

import { address, socketAddress } from "@open-llm-vtuber/shared/access";

import { Failure } from "../failure";

type Message =
  | { status: "partial"; audioPath: string; text: string }
  | { status: "complete" }
  | { status: "error"; message: string };

/** Calls `ready` for each sentence, in order. Throws Failure, or AbortError once `signal` says so. */
export function speak(
  text: string,
  ready: (sentence: string, path: string) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketAddress("/tts-ws"));
    let opened = false;
    const end = (failure?: unknown) => {
      signal.removeEventListener("abort", abort);
      socket.onclose = socket.onmessage = null;
      socket.close();
      if (failure) reject(failure);
      else resolve();
    };
    const abort = () => end(signal.reason);
    signal.addEventListener("abort", abort);
    socket.onopen = () => {
      opened = true;
      socket.send(JSON.stringify({ text }));
    };
    socket.onclose = () => {
      if (opened) end(new Failure("lost"));
      else whyRefused().then(end, end);
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as Message;
      if (message.status === "partial") ready(message.text, message.audioPath);
      else if (message.status === "complete") end();
      else end(new Failure("server", message.message));
    };
  });
}

/** Returns the sound at `path`, as it was announced. Throws Failure or AbortError. */
export async function fetchSound(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  let answer: Response;
  try {
    answer = await fetch(address(`/${path.replace(/^\/+/, "")}`), { signal });
    if (answer.ok) return await answer.arrayBuffer();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Failure("unreachable");
  }
  if (answer.status === 401) throw new Failure("token");
  throw new Failure(answer.status === 404 ? "gone" : "server", `HTTP ${answer.status}`);
}

/** A browser does not say why a socket was turned away; the page itself is guarded alike. */
async function whyRefused(): Promise<Failure> {
  try {
    const answer = await fetch(address("/web-tool/index.html"), { method: "HEAD" });
    return new Failure(answer.status === 401 ? "token" : "refused");
  } catch {
    return new Failure("unreachable");
  }
}

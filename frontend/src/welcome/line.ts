/** Something that she says, as sound: for the echo check, whoever may change settings or not. */

import { address, socketAddress } from "@open-llm-vtuber/shared/access";

import { ApiError } from "../session/http";

type Message =
  | { status: "partial"; audioPath: string }
  | { status: "complete" }
  | { status: "error"; message: string };

/** Return the sound files of a text's sentences, in order. Throws ApiError, or what `signal` says. */
export async function spoken(text: string, signal: AbortSignal): Promise<ArrayBuffer[]> {
  const paths = await new Promise<string[]>((resolve, reject) => {
    const found: string[] = [];
    const socket = new WebSocket(socketAddress("/tts-ws"));
    const end = (error?: unknown): void => {
      signal.removeEventListener("abort", abort);
      socket.onclose = socket.onmessage = null;
      socket.close();
      if (error) reject(error);
      else resolve(found);
    };
    const abort = (): void => end(signal.reason);
    signal.addEventListener("abort", abort);
    socket.onopen = () => socket.send(JSON.stringify({ text }));
    socket.onclose = () => end(new ApiError(0));
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as Message;
      if (message.status === "partial") found.push(message.audioPath);
      else if (message.status === "complete") end();
      else end(new ApiError(500, message.message));
    };
  });
  return Promise.all(paths.map((path) => fetched(path, signal)));
}

async function fetched(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await fetch(address(`/${path.replace(/^\/+/, "")}`), { signal });
  if (!answer.ok) throw new ApiError(answer.status, `HTTP ${answer.status}`);
  return answer.arrayBuffer();
}

/** Live2D's Cubism Core on the server: whether it is installed, and how it comes there. */

import { address } from "@open-llm-vtuber/shared/access";
import { isFlag, isMadeOf, isText } from "@open-llm-vtuber/shared/kept";

import { ApiError, ask } from "./http";

export interface CoreStatus {
  readonly installed: boolean;
  readonly licence_url: string;
  /** Of the script, below the server's address, once it is installed. */
  readonly url: string;
}

const CORE = "/live2d-core";
const isStatus = isMadeOf<CoreStatus>({ installed: isFlag, licence_url: isText, url: isText });

/** Throws ApiError. */
export function coreStatus(): Promise<CoreStatus> {
  return ask(CORE, isStatus);
}

/** Have the server fetch it, whose licence the person has accepted. Throws ApiError. */
export function fetchCore(): Promise<CoreStatus> {
  return ask(`${CORE}/fetch`, isStatus, { method: "POST", json: { accept_licence: true } });
}

/** Give the server a file that the person has, and whose licence was accepted. Throws ApiError. */
export function uploadCore(file: File): Promise<CoreStatus> {
  const form = new FormData();
  form.append("file", file);
  form.append("accept_licence", "true");
  return ask(`${CORE}/upload`, isStatus, { method: "POST", form });
}

/** Return the address of the script; null where it is not installed, or that is not known. */
export async function coreAddress(): Promise<string | null> {
  try {
    const { installed, url } = await coreStatus();
    return installed ? address(url) : null;
  } catch (error) {
    if (error instanceof ApiError) return null; // what that means is told when the Core is needed
    throw error;
  }
}

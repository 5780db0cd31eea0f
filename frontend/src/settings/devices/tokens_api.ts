/** Devices with a token of their own over HTTP: docs/settings-api.md. All of it throws ApiError. */

import { isFlag, isListOf, isMadeOf, isText, orNull } from "@open-llm-vtuber/shared/kept";

import { ask } from "../../session/http";

export interface KnownDevice {
  readonly id: string;
  readonly name: string;
  /** Days, as "2026-05-09". */
  readonly made: string;
  readonly last_used: string | null;
  readonly may_configure: boolean;
  /** Whether it has a page open now. */
  readonly is_here: boolean;
  /** Whether it is the one that this page runs on. */
  readonly is_asking: boolean;
}

export interface LetIn {
  readonly device: KnownDevice;
  /** It is told this once. */
  readonly token: string;
}

const isDevice = isMadeOf<KnownDevice>({
  id: isText,
  name: isText,
  made: isText,
  last_used: orNull(isText),
  may_configure: isFlag,
  is_here: isFlag,
  is_asking: isFlag,
});
const isList = isMadeOf<{ devices: KnownDevice[] }>({ devices: isListOf(isDevice) });
const isLetIn = isMadeOf<LetIn>({ device: isDevice, token: isText });
const isNothing = (value: unknown): value is null => value === null;

const PATH = "/api/devices";

export async function listed(): Promise<readonly KnownDevice[]> {
  return (await ask(PATH, isList)).devices;
}

/** Let a device in; without the right code the server refuses with 428. */
export function letIn(name: string, mayConfigure: boolean, code: string): Promise<LetIn> {
  const json = { name, may_configure: mayConfigure, code };
  return ask(PATH, isLetIn, { method: "POST", json });
}

export function rename(id: string, name: string): Promise<KnownDevice> {
  return ask(`${PATH}/${encodeURIComponent(id)}`, isDevice, { method: "PATCH", json: { name } });
}

export async function shutOut(id: string): Promise<void> {
  await ask(`${PATH}/${encodeURIComponent(id)}`, isNothing, { method: "DELETE" });
}

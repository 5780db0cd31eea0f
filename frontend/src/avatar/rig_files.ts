/** Fetches a rig and its textures. */

import { serverUrl } from "@open-llm-vtuber/shared/access";

import { AvatarError } from "./errors";
import { FileFault } from "./json_reader";
import { parseRig } from "./parse_rig";
import type { Rig } from "./rig";

export interface RigFiles {
  readonly rig: Rig;
  readonly images: readonly HTMLImageElement[];
}

/** Fetch the rig at `address` and what lies beside it. Throws AvatarError. */
export async function loadRigFiles(address: string): Promise<RigFiles> {
  const url = serverUrl(address);
  const rig = await loadRig(url);
  const images = await Promise.all(rig.textures.map((name) => loadImage(new URL(name, url))));
  return { rig, images };
}

async function loadRig(url: URL): Promise<Rig> {
  const name = url.pathname.split("/").at(-1) ?? "";
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new AvatarError(`${name} could not be fetched.`, { cause: error });
  }
  if (!response.ok) throw new AvatarError(`${name} could not be fetched: ${response.status}.`);
  try {
    return parseRig(await response.json());
  } catch (error) {
    if (error instanceof FileFault) throw new AvatarError(`${name}: ${error.message}.`);
    if (error instanceof SyntaxError)
      throw new AvatarError(`${name} is no JSON: ${error.message}.`);
    throw error;
  }
}

/** Fetch a picture and decode it. Throws AvatarError. */
export async function loadImage(url: URL): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url.href;
  try {
    await image.decode();
  } catch (error) {
    const name = url.pathname.split("/").at(-1) ?? "";
    throw new AvatarError(`The picture ${name} could not be loaded.`, { cause: error });
  }
  return image;
}

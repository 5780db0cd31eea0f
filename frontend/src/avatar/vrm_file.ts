/** Fetches a VRM of version 0 or 1 and makes it ready to be drawn. */

import { serverUrl } from "@open-llm-vtuber/shared/access";
import { VRMLoaderPlugin, VRMUtils, type VRM } from "@pixiv/three-vrm";
import { TextureLoader } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

import { AvatarError } from "./errors";

/** Fetch the VRM at `address`. Throws AvatarError. */
export async function loadVrm(address: string): Promise<VRM> {
  const url = serverUrl(address);
  const name = decodeURIComponent(url.pathname.split("/").at(-1) ?? "");
  const vrm = await parsed(url, name);
  VRMUtils.rotateVRM0(vrm);
  VRMUtils.combineSkeletons(vrm.scene);
  vrm.scene.traverse((part) => {
    part.frustumCulled = false; // what bends may be in sight though its box is not
  });
  return vrm;
}

async function parsed(url: URL, name: string): Promise<VRM> {
  let data: ArrayBuffer;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new AvatarError(`${name} could not be fetched: ${response.status}.`);
    data = await response.arrayBuffer();
  } catch (error) {
    if (error instanceof AvatarError) throw error;
    throw new AvatarError(`${name} could not be fetched.`, { cause: error });
  }
  const loader = new GLTFLoader();
  loader.register((parser) => {
    // The usual loader asks for each picture by fetch(), which the page's policy forbids for blobs.
    parser.textureLoader = new TextureLoader(parser.options.manager);
    return { name: "pictures" };
  });
  loader.register((parser) => new VRMLoaderPlugin(parser));
  try {
    const { userData } = await loader.parseAsync(data, "");
    const vrm = (userData as { vrm?: VRM }).vrm;
    if (vrm) return vrm;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AvatarError(`The VRM could not be read: ${why}`, { cause: error });
  }
  throw new AvatarError(`${name} is no VRM.`);
}

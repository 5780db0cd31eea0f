/** Pictures as the wire has them, and as the list shows them; pure. */

import type { Image } from "@open-llm-vtuber/shared/protocol/messages";

/** Return the addresses by which pictures are shown. */
export function addressesOf(images: readonly Image[]): string[] {
  return images.map(({ data }) => data);
}

/** Return pictures that were shown before, to be shown again; what the server has, it takes itself. */
export function picturesOf(addresses: readonly string[]): Image[] {
  const here = addresses.filter((one) => one.startsWith("data:"));
  return here.map((data) => ({
    source: "upload",
    data,
    mime_type: /^data:([^;,]*)/.exec(data)?.[1] ?? "",
  }));
}

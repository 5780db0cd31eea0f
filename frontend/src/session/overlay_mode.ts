/** What an overlay shows, as its address says; pure. */

export interface OverlayMode {
  /** Whether she is seen. */
  readonly character: boolean;
  readonly captions: boolean;
  /** Whether her voice is heard; her lips move either way. */
  readonly sound: boolean;
}

/** Return what is to be shown where the address asks for an overlay (`?overlay`), else null. */
export function overlayMode(search: string): OverlayMode | null {
  const parameters = new URLSearchParams(search);
  const isOn = (name: string): boolean => parameters.get(name)?.toLowerCase() !== "off";
  if (!parameters.has("overlay") || !isOn("overlay")) return null;
  return { character: isOn("character"), captions: isOn("captions"), sound: isOn("sound") };
}

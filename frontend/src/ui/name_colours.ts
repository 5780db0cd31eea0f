/** The colours by which those who talk together are told apart; each can be read on every ground. */

import type { Group } from "../session/group.svelte";
import "./name_colours.css";

/** Return the class that has the colour of a name. */
export function nameColour(group: Group, name: string): string {
  return `name-colour-${group.colourOf(name)}`;
}

/** What all keys and sections of conf.yaml are called in English. */

import { character } from "./character";
import { common } from "./common";
import { ears } from "./ears";
import { limits } from "./limits";
import { mind } from "./mind";
import { server } from "./server";
import { voice } from "./voice";

export const names: Readonly<Record<string, string>> = {
  ...common,
  ...voice,
  ...ears,
  ...mind,
  ...character,
  ...server,
  ...limits,
};

/** What the server says of settings and engines, in Chinese, by its English: what is said otherwise is new. */

import { character } from "./said_of_character";
import { ears } from "./said_of_ears";
import { engines } from "./said_of_engines";
import { limits } from "./said_of_limits";
import { mind } from "./said_of_mind";
import { server } from "./said_of_server";
import { voice } from "./said_of_voice";

export const translations: Readonly<Record<string, string>> = {
  ...voice,
  ...ears,
  ...mind,
  ...character,
  ...server,
  ...limits,
  ...engines,
};

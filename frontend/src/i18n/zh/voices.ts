/** Chinese words of lists of voices; loaded with what shows one. */

import type { VoiceWords } from "../en/voices";

export const voices: VoiceWords = {
  language: "音色的语言",
  allLanguages: "所有语言",
  hear: (name) => `试听 ${name}`,
  genders: { female: "女声", male: "男声" },
};

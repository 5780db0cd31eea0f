/** Chinese words of lists of voices; loaded with what shows one. */

import type { VoiceWords } from "../en/voices";

export const voices: VoiceWords = {
  language: "音色的语言",
  ownModels: "本程序的模型",
  herVoice: "她的声音",
  list: "音色",
  stop: "停止",
  use: "使用",
  useVoice: (name) => `使用音色 ${name}`,
  chosen: "已选用",
  isChosen: (name) => `已选用：${name}`,
  allLanguages: "所有语言",
  hear: (name) => `试听 ${name}`,
  genders: { female: "女声", male: "男声" },
};

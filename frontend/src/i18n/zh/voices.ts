/** Chinese words of voices, hers and those of lists; loaded with what shows one. */

import type { VoiceWords } from "../en/voices";

export const voices: VoiceWords = {
  language: "音色的语言",
  ownModels: "本程序的模型",
  herVoice: "角色的声音",
  list: "音色",
  stop: "停止",
  use: "使用",
  useVoice: (name) => `使用音色 ${name}`,
  chosen: "已选用",
  isChosen: (name) => `已选用：${name}`,
  allLanguages: "所有语言",
  hear: (name) => `试听 ${name}`,
  speed: "语速",
  times: (factor) => `${factor} 倍`,
  only: (engine) => `语音引擎 ${engine} 没有其他音色。换一种语言会换一个引擎；“设置”中有全部引擎。`,
  unlisted: (engine) => `${engine} 不列出它的音色；“设置”中有它的选项。`,
  ownVoice: "默认音色",
  otherFile: "这个角色的文件指定了自己的声音。这里是 conf.yaml 的声音。",
  loading: "正在加载声音…",
  done: (name) => `从下一次回答起，角色用 ${name} 说话。`,
  genders: { female: "女声", male: "男声" },
};

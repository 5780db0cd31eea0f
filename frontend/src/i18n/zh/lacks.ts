/** Chinese words of what a character's engines lack, told before one talks with her. */

import type { lacks as english } from "../en/lacks";

export const lacks: typeof english = {
  means: {
    tts: "角色的语音还没有安装：说的话会显示出来，但听不到。",
    asr: "语音识别还没有安装：可以打字和角色聊。",
    llm: "语言模型的引擎还没有安装：角色无法回答。",
    other: "角色缺少一个组件。",
  },
  install: "请在服务器所在的电脑上运行一次下面的命令，然后重新启动服务器：",
  needs: (name) => `需要在服务器所在的电脑上安装 ${name}。`,
};

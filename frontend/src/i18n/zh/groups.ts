/** Chinese words of groups: who is there, and what they do. */

import type { groups as en } from "../en/groups";

export const groups: typeof en = {
  here: "在场的人",
  yourName: "你在群聊中的名字",
  nameHint: "其他人会在你的话旁边看到它，角色也会知道。",
  save: "保存",
  named: (name) => `其他人现在看到你的名字是 ${name}。`,
  nameless: "其他人现在看不到你自己的名字。",
  speaks: (name) => `${name} 正在说话`,
  doing: {
    speaking: "正在回答",
    typing: "正在输入…",
    talking: "正在说话…",
    none: "",
  },
};

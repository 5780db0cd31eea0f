/** Chinese words of the line that asks a first visitor for a name. */

import type { nameQuestion as en } from "../en/name_question";

export const nameQuestion: typeof en = {
  question: "你叫什么名字？",
  why: (name) => `${name || "角色"}会用这个名字记住你。可以在“记忆”中更改。`,
  save: "保存",
  skip: "跳过",
  where: "可以在“记忆”中更改名字。",
  takesOver: "到现在为止的话是我说的",
  otherwise: "这些内容会记在这个名字下。不勾选则开始新的对话。",
};

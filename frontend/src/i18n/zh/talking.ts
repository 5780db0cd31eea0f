/** Chinese words of what was said, and of saying it: messages, drafts, pictures, push-to-talk. */

import type { talking as english } from "../en/talking";

export const talking: typeof english = {
  done: "已完成：",
  toDo: "待办：",
  table: "表格",
  code: (language) => (language ? `代码，${language}` : "代码"),
  copyCode: "复制代码",
};

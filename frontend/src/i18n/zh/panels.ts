/** Chinese words of the panels. */

import type { panels as english } from "../en/panels";

export const panels: typeof english = {
  histories: "对话",
  characters: "角色",
  backgrounds: "背景",
  group: "群聊",
  settings: "设置",
  latency: "速度",
  close: "关闭",
};

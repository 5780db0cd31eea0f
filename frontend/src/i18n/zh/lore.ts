/** Chinese words of the lorebook in the editor of a character. */

import type { lore as en } from "../en/lore";

export const lore: typeof en = {
  title: "世界书",
  hint: "谈到其中的词语时告诉角色的内容。越靠下的越晚告知，放不下时也越优先。它会随角色卡一起保存。",
  none: "还没有条目。",
  entries: "世界书条目",
  entry: (number) => `条目 ${number}`,
  words: "触发词",
  wordsHint: "用逗号分隔：灯塔，塔楼",
  text: "此时告诉角色的内容",
  always: "始终告知",
  isOn: "启用",
  off: "已停用",
  fresh: "新条目",
  add: "添加条目",
  up: (number) => `上移条目 ${number}`,
  down: (number) => `下移条目 ${number}`,
  remove: (number) => `删除条目 ${number}`,
  removeShort: "删除",
  removed: "保存后，这个条目会被删除。",
  more: (count) => `再显示 ${count} 条`,
  wordless: "角色永远不会得知这一条：请填写触发词，或设为始终告知。",
  tooLong: (most) => `角色永远不会得知这一条：它超过了一次能告知的 ${most} 字节。`,
  merged: "世界书在别处被更改过。两边的内容已合并在下面：请检查后保存。",
  failed: "世界书无法读取，保持原样。",
  tooLarge: (written, most) =>
    `内容太多：共 ${written} KiB，服务器一次最多接受 ${most} KiB。请缩短性格设定、示例或世界书。`,
};

/** Chinese words of what was said, and of saying it: messages, drafts, pictures, push-to-talk. */

import type { talking as english } from "../en/talking";

export const talking: typeof english = {
  done: "已完成：",
  toDo: "待办：",
  table: "表格",
  code: (language) => (language ? `代码，${language}` : "代码"),
  copyCode: "复制代码",
  enlarge: (at, count) => (count === 1 ? "放大图片" : `放大第 ${at} 张图片（共 ${count} 张）`),
  picture: (at, count) =>
    count === 1 ? "你展示的图片" : `你展示的第 ${at} 张图片（共 ${count} 张）`,
  pictureGone: "此图片已不再保存。",
  closePicture: "关闭图片",
  open: "打开对话",
  last: "最近说的话",
  blind: "当前语言模型看不到图片。可在 conf.yaml 或“设置”中换成能看图的模型。",
  hold: "按住说话",
  held: "正在听，松开发送",
  tooShort: "说话时请一直按住",
};

const BUSY = "服务器正忙。你写的内容已放回输入框，请稍后再发送。";

/** What was written and is not taken, by the name of the limit; it comes back into the box. */
export const limits: Readonly<Record<string, (limit: string) => string>> = {
  max_text_chars: (limit: string) =>
    `内容超出服务器的上限（${limit} 个字符）。已放回输入框，请缩短后再发送。`,
  max_images: (limit: string) => `服务器每条消息最多接收 ${limit} 张图片。图片已放回，请移除几张。`,
  max_queued_turns: () => BUSY,
  max_queued_turns_bytes: () => BUSY,
  max_held_bytes: () => BUSY,
  max_incoming_bytes: () => BUSY,
};

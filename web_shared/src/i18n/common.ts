/** The words that every page has, in each language. */

import type { Language } from "./language";

const en = {
  copy: "Copy the text",
  copied: "Copied",
  notCopied: "The browser does not let the page copy; select the text instead.",
  again: "Try again",
  unreachable: "The server cannot be reached. See whether it is running, then try again.",
  themes: { auto: "Automatic", light: "Light", dark: "Dark" },
  /** For when the page or a part of it has failed. */
  crash: {
    title: "The page has failed",
    explain:
      "Your conversation is kept on the server. Loading the page anew mends most of this; if it does not, the settings of this browser may be to blame.",
    reload: "Load the page anew",
    reset: "Forget the settings, and load anew",
    part: "This part of the page has failed. Try again; the rest of the page goes on.",
  },
};

export type CommonWords = typeof en;

const zh: CommonWords = {
  copy: "复制文字",
  copied: "已复制",
  notCopied: "浏览器不允许页面复制，请手动选中文字。",
  again: "重试",
  unreachable: "无法连接服务器。请检查它是否在运行，然后重试。",
  themes: { auto: "自动", light: "浅色", dark: "深色" },
  crash: {
    title: "页面出错了",
    explain:
      "你的对话保存在服务器上。重新加载页面通常可以解决；如果仍然不行，可能是此浏览器中的设置有问题。",
    reload: "重新加载页面",
    reset: "清除设置并重新加载",
    part: "页面的这一部分出错了。请重试，页面的其余部分不受影响。",
  },
};

export const COMMON: Readonly<Record<Language, CommonWords>> = { en, zh };

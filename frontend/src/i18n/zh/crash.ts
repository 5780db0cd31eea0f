/** Chinese words for when the page or a part of it has failed. */

import type { crash as english } from "../en/crash";

export const crash: typeof english = {
  title: "页面出错了",
  explain:
    "你的对话保存在服务器上。重新加载页面通常可以解决；如果仍然不行，可能是此浏览器中的设置有问题。",
  reload: "重新加载页面",
  reset: "清除设置并重新加载",
  part: "页面的这一部分出错了。",
  again: "重试",
};

/** Chinese words of the overlay, of the small window, of the whole screen, and of the installed page. */

import type { modes as english } from "../en/modes";

export const modes: typeof english = {
  overlay: {
    unreachable: (host) => `无法连接 ${host}。服务器在运行吗？网址里有访问令牌吗？`,
    press: "点按任意位置即可听到声音",
  },
  tools: {
    title: "工具与视图",
    fullscreen: "全屏",
    leaveFullscreen: "退出全屏",
    small: "小窗口",
    quiet: "隐藏控件",
    unquiet: "始终显示控件",
    quietHint: "没有动作时控件会隐藏。移动指针、触摸或按任意键即可显示。",
    failed: "浏览器不允许。请在地址栏旁允许，或换一个浏览器。",
  },
  small: {
    there: "角色在小窗口里。",
    back: "回到这里",
    stop: "停止回答",
  },
  notify: {
    name: "页面隐藏时叫我",
    hint: "角色主动说话时发出通知，在你回来之前只发一次",
    refused: "浏览器不允许此页面发送通知。请在地址栏旁允许通知。",
  },
};

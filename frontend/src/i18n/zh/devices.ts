/** Chinese words of how other devices reach this server. */

import type { devices as en } from "../en/devices";

export const devices: typeof en = {
  open: "其他设备",
  openHint: "手机或网络中的另一台电脑：能否访问，以及可扫描的二维码",
  back: "返回设置",
  loading: "正在询问服务器…",
  by: {
    https: "其他设备可以访问这台服务器。",
    http: "其他设备可以访问这台服务器，但浏览器在那里不提供麦克风。",
    none: "其他设备无法访问这台服务器：它只接受本机的连接。",
  },
  scan: "用另一台设备扫描，或在那里打开以下地址之一：",
  code: "这台服务器地址的二维码",
  copy: (address) => `复制 ${address}`,
  holdsToken: "二维码和复制的内容含有服务器的访问令牌：只给可以使用服务器的人。",
  trustTitle: "另一台设备起初会发出警告",
  trust: "在它信任这台电脑之前会这样。请在那里打开这个页面，上面说明了各种设备的做法：",
  fingerprint: "届时显示的指纹的开头和结尾应为（SHA-256）：",
  letIn: "允许我网络中的手机访问（https）",
  letInHint: "打开第二个入口：加密、需要访问令牌，麦克风在那里可用。本机上一切不变。",
  fromNextStart: "下次启动时生效：按 Ctrl+C 结束服务器，再重新启动。",
  offFromNextStart: "下次启动时关闭，除非用 --https 启动。在那之前其他设备仍可访问。",
  byHand: "无法读取 conf.yaml；请在其中的 system_config 下设置 https。",
  letThemIn: "允许其他设备访问…",
  noneYet: "另一台设备还无法访问这台服务器，所以没有可扫描的二维码。本机上的页面可以用 ID 邀请。",
  askOwner:
    "这个页面是用只有本机知道的名称打开的，所以没有可扫描的二维码。启动服务器的人可以用 --https 允许其他设备访问。",
  noMicrophone: "另一台设备可以写字和收听；没有 https，浏览器在那里不提供麦克风。",
};

/** Chinese words of the overlay, of the small window, of the whole screen, and of the installed page. */

import type { modes as english } from "../en/modes";

export const modes: typeof english = {
  overlay: {
    unreachable: (host) => `无法连接 ${host}。服务器在运行吗？网址里有访问令牌吗？`,
    press: "点按任意位置即可听到声音",
  },
};

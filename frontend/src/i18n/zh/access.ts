/** Chinese words for who may come in. */

import type { access as en } from "../en/access";

export const access: typeof en = {
  shutOut: "这台设备的访问权已被收回。可以请服务器的主人重新添加它。",
};

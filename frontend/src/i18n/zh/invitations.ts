/** Chinese words of who asks the person to join a group. */

import type { invitations as en } from "../en/invitations";

export const invitations: typeof en = {
  title: (name) => `${name} 邀请你加入群聊`,
  with: (character) => `角色：${character}。`,
  others: (names) => `其他成员：${names}。`,
  explain: "加入后，你们能听到彼此和彼此的角色。你随时可以退出。",
  accept: "加入",
  decline: "暂不",
  over: {
    timeout: (name) => `${name} 的邀请已过期：没有及时答复。`,
    withdrawn: (name) => `${name} 已不再邀请你。`,
    joined: () => "你已在一个群聊中，另一个邀请已失效。",
    answered: () => "",
  },
};

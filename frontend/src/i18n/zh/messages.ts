/** Chinese words for what can be done with a message. */

import type { messages as en } from "../en/messages";

export const messages: typeof en = {
  actions: (who) => `对${who}的消息的操作`,
  more: "可以对这条消息做什么",
  sayAgain: "再说一遍",
  answerAnew: "重新回答",
  tryAgain: "重试",
  goOn: "接着说",
  edit: "修改并重新发送",
  delete: "删除",
  deleted: "消息已删除。",
  notDeleted: "消息未能删除。",
  notRestored: "这条消息已无法恢复。",
  unanswered: "没有得到回答",
  version: (number, all) => `第 ${number} 个版本，共 ${all} 个`,
  earlier: "上一个版本",
  later: "下一个版本",
  editing: "你的消息",
  send: "重新发送",
  cancel: "取消",
};

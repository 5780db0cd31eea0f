/** Chinese words of what failed, by the server's code of it: what was wrong, then what to do. */

import type { ErrorWords } from "../errors";
import { limits } from "./talking";

const AGAIN = "请重新加载页面，使其与服务器一致。";

/** What the server calls the scripts that stand most often where a voice cannot say them. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "Chinese characters": "中文",
  Japanese: "日文",
  "Chinese characters or Japanese": "日文",
  Korean: "韩文",
  "Latin letters": "英文字母",
  "Cyrillic script": "西里尔字母",
};

export const errors: ErrorWords = {
  parts: {
    llm: "语言模型",
    asr: "语音识别",
    tts: "语音合成",
    vad: "语音检测",
    turn: "话轮检测",
    agent: "智能体",
    translate: "翻译",
    embedding: "回忆",
    other: "引擎",
  },
  lateAway: "服务器不在线，无法加载这一部分。服务器恢复后会自动加载。",
  lateOther: "无法加载这一部分。请重试；如果仍然不行，请重新加载页面。",
  copyDetails: "复制详情",
  details: "详情",
  openSettings: "打开设置",
  chooseLanguage: "选择角色的语言",
  again: "重试",
  internal: () => "服务器内部出错。请重试；如果仍然如此，原因见服务器日志。",
  "engine-failed": ({ part }) => `${part}出错了。请重试，或在设置中换一个。`,
  "engine-missing": ({ part, name }) =>
    `${name ? `服务器没有名为 ${name} 的${part}。` : `这个角色没有${part}。`}请在设置中选择一个。`,
  "engine-loading": ({ part }) => `${part}仍在加载。请稍后再试。`,
  "engine-timeout": ({ part, limit_s }) =>
    `${part}用时超过 ${limit_s} 秒。请重试，或在设置中换一个更快的。`,
  "package-missing": ({ part, package: name }) =>
    `${part}需要的软件包 ${name} 没有安装。请在服务器上安装它，或在设置中换一个。`,
  "weights-missing": ({ name }) =>
    `缺少模型 ${name} 的文件。请让服务器联网以便下载，或换一个模型。`,
  "service-unreachable": ({ part }) =>
    `无法连接${part}的服务。请检查它是否在运行、网络是否正常，然后重试。`,
  "service-busy": ({ part }) => `${part}的服务暂时不接受更多请求。请稍等片刻再试。`,
  "service-failed": ({ part }) => `${part}的服务出错了。请重试；如果仍然如此，是该服务自身的问题。`,
  "service-refused": ({ part }) =>
    `${part}的服务没有接受请求。请检查它的设置，详情中有它给出的原因。`,
  "model-unknown": ({ part }) =>
    `${part}的服务没有所请求的内容。请在设置中更正模型或音色的名称，或服务的地址。`,
  "memory-short": ({ name }) =>
    `内存不足以加载模型 ${name}。请在设置中换一个更小的，或关闭其他程序后重试。`,
  "disk-full": () => "服务器的磁盘已满，无法再保存。请清理出空间后重试；已保存的内容不会丢失。",
  "quota-spent": ({ part }) => `${part}的服务额度已用完。请为该账户充值，或在设置中换一个服务。`,
  "key-wrong": ({ part }) => `${part}的服务没有得到有效的密钥。请在设置中填写正确的密钥。`,
  "turn-timeout": ({ limit_s }) => `回答没有在 ${limit_s} 秒内完成。请重试，或问得简短一些。`,
  "no-answer": () => "语言模型没有回答。请重试，或换一种问法。",
  "prompt-too-long": () => "内容超过了语言模型能读取的长度。请缩短，或开始新的对话。",
  "no-sound": () => "有一句话没有合成出声音。请在这里阅读，或在设置中换一个语音。",
  "script-unspoken": ({ scripts = "" }) =>
    `当前语音不会读${SCRIPTS[scripts] ?? `这种文字（${scripts}）`}，只显示，不发声。请用角色会说的语言聊，或换一种语言。`,
  "picture-refused": () => "图片没有被接受，回答时未参考图片。请换一张更小的或其他格式的图片。",
  "pictures-unseen": () => "语言模型看不到图片，回答时未参考图片。请在设置中换成能看图的模型。",
  "nothing-heard": () => "没有听到说话。请大声一些、靠近一些，或直接输入。",
  "message-empty": () => "消息是空的。请输入或说点什么。",
  "message-malformed": () => `服务器没有理解本页面的一条消息。${AGAIN}`,
  "message-unknown": () => `服务器没有理解本页面的一条消息。${AGAIN}`,
  "message-too-large": () => "消息太大，服务器没有接收。请减少一次发送的内容，图片少些或小些。",
  "limit-reached": ({ about = "", limit = "" }) =>
    limits[about.replace("system_config.limits.", "")]?.(limit) ??
    (limit && about
      ? `超过了服务器的限制：${about} 为 ${limit}。请减少内容，或在设置中提高限制。`
      : "服务器已满。请稍等片刻再试。"),
  "history-failed": () => "无法使用保存的对话。详情说明如何修复；在此之前什么都不会保存。",
  "history-unknown": () => "这个对话已不存在。请选择其他对话，或开始新的对话。",
  "message-gone": () => "这条消息已不在对话中。请重新加载页面查看当前内容。",
  "message-fixed": () => "无法对这条消息这样做。可以复制它，或写一条新的。",
  "memory-unknown": () => "这件事已不在记忆中。请重新打开记忆查看。",
  "character-unknown": ({ file }) => `角色 ${file} 已不存在。请在“角色”中选择其他角色。`,
  "character-unreadable": () => "无法读取这个角色的配置。请修正其文件，或选择其他角色。",
  "group-client-unknown": () => "没有使用该ID的页面。请从对方的页面重新完整复制。",
  "group-self": () => "不能邀请自己。请使用对方页面显示的ID。",
  "group-taken": () => "对方已在一个群聊中。请对方先退出。",
  "group-none": () => "你不在任何群聊中。请先邀请别人。",
  "group-member-unknown": () => "对方不在你的群聊中。请查看群聊的当前成员。",
  "group-not-owner": () => "只有群聊的发起人可以移除他人。请让发起人来做。",
  "group-asked": () => "已经询问过对方，请等待答复。",
  "group-declined": () => "对方现在不想加入。对方仍可以邀请你。",
  "group-unanswered": () => "对方没有答复邀请。请确认对方的页面已打开，再邀请一次。",
  "group-invitation-over": () => "这个邀请已失效。请对方再邀请一次。",
  "group-invitations-full": () => "邀请太多。请等其中一个有了答复，或等一分钟后再试。",
  "tool-unasked": () => "由于无法询问你，有一个工具未被使用。请单独打开本页面，再问一次。",
  "question-over": () => "该询问已结束：之前已回答或撤回。请再向角色提一次。",
  "settings-forbidden": () =>
    "这个页面不能更改服务器的设置。请在服务器所在的电脑上打开，或使用访问令牌。",
  "conf-unwritable": ({ file }) => `服务器无法写入 ${file}。请给予写入权限后重试。`,
  "conf-changed": ({ file }) => `${file} 在此期间已被他人修改。请重新打开后再做更改。`,
  "language-model-absent": ({ name }) => `${name} 已不可用。请启动运行它的程序，或换一个语言模型。`,
  "trial-busy": () => "正在试用别的内容。请等它结束后再试。",
  "card-unreadable": () =>
    "这个文件不是可以读取的角色卡。请选择其他程序保存的 PNG、JSON 或 CHARX 角色卡。",
  "look-unfit": () => "这个文件不能用作形象。原因见详情，请换一个文件。",
  "look-gone": () => "这个形象已不存在。请换一个，或重新添加。",
  "look-taken": () => "这个形象正在使用，或已有同名的形象。请见详情，换一个。",
  "file-too-large": () => "这个文件太大。请选择小一些的文件。",
};

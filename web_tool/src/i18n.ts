/** The words of the page, in English and Chinese. */

import { COMMON } from "@open-llm-vtuber/shared/i18n/common";
import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import type { Trouble } from "./failure";
import type { Kind } from "./server/health.svelte";

interface Told {
  title: string;
  /** What the person can do. */
  advice: string;
}

const english = {
  ...COMMON.en,
  title: "Hearing and voice",
  subtitle: "Try the ears and the voice of conf.yaml by themselves.",
  back: "Back to the character",
  language: "Language",
  theme: "Light or dark",
  kinds: {
    vad: "the speech detector",
    asr: "the ears",
    llm: "the language model",
    tts: "the voice",
  } as Record<Kind, string>,
  asking: "Asking the server…",
  ready: (version: string) => `Ready · version ${version}`,
  loading: (kinds: string[]) => `Loading ${kinds.join(", ")}…`,
  someFailed: "Some engines cannot be used",
  away: "The server cannot be reached",
  serverSays: "The server says:",
  browserSays: "The browser says:",

  hearing: "Hearing",
  hearingSubtitle: "Speech to text",
  record: "Record",
  stop: "Stop",
  cancel: "Discard",
  orDrop: "or drop a sound file anywhere on this page",
  dropNow: "Let go to hear it",
  chooseFile: "Choose a file",
  forms: "WAV, MP3, FLAC, OGG, M4A, WebM: whatever this browser plays",
  microphoneWait: "Waiting for the microphone…",
  recording: "Recording…",
  level: "Level of the microphone",
  quietHint: "Nothing comes from the microphone. Is it muted?",
  loudHint: "Too loud: the sound is cut off at the top.",
  preparing: "Reading the sound…",
  transcribing: "Listening…",
  heardIn: (time: string) => `Heard in ${time}.`,
  nothingHeard: "No words were heard.",
  whatWasSaid: "What was said",
  play: "Play",
  pause: "Pause",
  position: "Position in the sound",
  positionOf: (at: string, length: string) => `${at} of ${length}`,
  length: "Sound",
  took: "Time taken",
  factor: "Real-time factor",
  timesRealTime: (times: string) => `${times}× real time`,
  attempts: "Tries of this session",
  recordingName: (number: number) => `Recording ${number}`,
  failed: "failed",

  voice: "Voice",
  voiceSubtitle: "Text to speech",
  text: "Text",
  textHint: "What is to be said…",
  samples: "Sample texts",
  speak: "Speak",
  synthesizing: "The voice is at work…",
  firstSound: "First sound",
  total: "All ready",
  speech: "Speech",
  sentences: "Sentences",
  sentencesReady: (count: number) =>
    count === 1 ? "1 sentence is ready" : `${count} sentences are ready`,
  nextSentence: "The next sentence…",
  readyAfter: (time: string) => `ready after ${time}`,
  playSentence: (number: number) => `Play sentence ${number}`,
  stopSentence: (number: number) => `Stop sentence ${number}`,
  downloadSentence: (number: number) => `Download sentence ${number}`,
  playAll: "Play all",
  downloadAll: "Download all",
  characters: (count: string) => `${count} characters`,

  troubles: {
    unreachable: {
      title: "The server cannot be reached.",
      advice: "See whether it is running and whether this computer is connected, then try again.",
    },
    token: {
      title: "The server wants its access token.",
      advice: "Open this page by the address with ?token=… that the server prints when it starts.",
    },
    refused: {
      title: "The server turned the connection away.",
      advice: "It may have too many clients, or not allow this address; its log says which.",
    },
    lost: {
      title: "The connection was lost before the end.",
      advice: "What has arrived is kept below. See whether the server still runs, then try again.",
    },
    server: { title: "The server could not do it.", advice: "" },
    tooLarge: {
      title: "The sound is too large for the server.",
      advice:
        "Send a shorter one, or raise system_config.limits.max_upload_bytes in conf.yaml and restart.",
    },
    undecodable: {
      title: "This browser cannot read the file as sound.",
      advice: "Choose a WAV, MP3, FLAC, OGG or M4A file; a broken one has to be saved anew.",
    },
    empty: {
      title: "There is no sound in it.",
      advice: "Record for a moment longer, or choose another file.",
    },
    denied: {
      title: "The microphone is not allowed.",
      advice: "Allow it for this page by the icon beside the address, then try again.",
    },
    noMicrophone: {
      title: "No microphone was found.",
      advice: "Connect one, or choose a sound file instead.",
    },
    microphoneBusy: {
      title: "The microphone cannot be used.",
      advice: "Another program may hold it; close that, then try again.",
    },
    insecure: {
      title: "Browsers give the microphone to secure pages only.",
      advice: "Open the page by https:// or by localhost, or choose a sound file instead.",
    },
    gone: {
      title: "The server has removed this sound already.",
      advice: "It keeps sounds for a while only; speak the text again.",
    },
    nothingToSay: {
      title: "There is nothing to say in this text.",
      advice: "It needs at least one word that can be spoken.",
    },
  } as Record<Trouble, Told>,
};

export type Words = typeof english;

const chinese: Words = {
  ...COMMON.zh,
  title: "听与说",
  subtitle: "单独试一试 conf.yaml 里的语音识别与语音合成。",
  back: "返回角色页面",
  language: "语言",
  theme: "浅色或深色",
  kinds: { vad: "语音检测", asr: "语音识别", llm: "语言模型", tts: "语音合成" },
  asking: "正在询问服务器…",
  ready: (version) => `就绪 · 版本 ${version}`,
  loading: (kinds) => `正在加载${kinds.join("、")}…`,
  someFailed: "有引擎无法使用",
  away: "无法连接服务器",
  serverSays: "服务器说：",
  browserSays: "浏览器说：",

  hearing: "听",
  hearingSubtitle: "语音转文字",
  record: "录音",
  stop: "停止",
  cancel: "放弃",
  orDrop: "或把音频文件拖到页面任意处",
  dropNow: "松开即可识别",
  chooseFile: "选择文件",
  forms: "WAV、MP3、FLAC、OGG、M4A、WebM：浏览器能播放的都行",
  microphoneWait: "正在等待麦克风…",
  recording: "正在录音…",
  level: "麦克风音量",
  quietHint: "麦克风没有声音，是不是静音了？",
  loudHint: "声音太大，已经削顶。",
  preparing: "正在读取声音…",
  transcribing: "正在识别…",
  heardIn: (time) => `识别用时 ${time}。`,
  nothingHeard: "没有听到话语。",
  whatWasSaid: "识别结果",
  play: "播放",
  pause: "暂停",
  position: "播放位置",
  positionOf: (at, length) => `${at}，共 ${length}`,
  length: "声音时长",
  took: "用时",
  factor: "实时率",
  timesRealTime: (times) => `${times} 倍于实时`,
  attempts: "本次的尝试",
  recordingName: (number) => `录音 ${number}`,
  failed: "失败",

  voice: "说",
  voiceSubtitle: "文字转语音",
  text: "文字",
  textHint: "要说的话…",
  samples: "示例文字",
  speak: "朗读",
  synthesizing: "正在合成…",
  firstSound: "首次出声",
  total: "全部完成",
  speech: "语音时长",
  sentences: "句子",
  sentencesReady: (count) => `已完成 ${count} 句`,
  nextSentence: "下一句…",
  readyAfter: (time) => `${time} 后完成`,
  playSentence: (number) => `播放第 ${number} 句`,
  stopSentence: (number) => `停止第 ${number} 句`,
  downloadSentence: (number) => `下载第 ${number} 句`,
  playAll: "全部播放",
  downloadAll: "全部下载",
  characters: (count) => `${count} 字`,

  troubles: {
    unreachable: {
      title: "无法连接服务器。",
      advice: "请确认服务器正在运行、本机已联网，然后重试。",
    },
    token: {
      title: "服务器需要访问令牌。",
      advice: "请用服务器启动时打印的、带 ?token=… 的地址打开本页。",
    },
    refused: {
      title: "服务器拒绝了连接。",
      advice: "可能是连接数已满，或不允许此地址；原因见服务器日志。",
    },
    lost: {
      title: "连接中途断开。",
      advice: "已收到的内容保留在下方。请确认服务器仍在运行，然后重试。",
    },
    server: { title: "服务器未能完成。", advice: "" },
    tooLarge: {
      title: "声音超过了服务器的大小限制。",
      advice:
        "请发送更短的声音，或在 conf.yaml 中调高 system_config.limits.max_upload_bytes 并重启。",
    },
    undecodable: {
      title: "浏览器无法把这个文件读作声音。",
      advice: "请选择 WAV、MP3、FLAC、OGG 或 M4A 文件；损坏的文件需要重新保存。",
    },
    empty: { title: "里面没有声音。", advice: "请录得久一点，或换一个文件。" },
    denied: {
      title: "麦克风未被允许。",
      advice: "请点击地址栏旁的图标，允许本页使用麦克风，然后重试。",
    },
    noMicrophone: { title: "没有找到麦克风。", advice: "请接上麦克风，或改为选择音频文件。" },
    microphoneBusy: {
      title: "麦克风无法使用。",
      advice: "可能被其他程序占用；请关闭它后重试。",
    },
    insecure: {
      title: "浏览器只在安全的页面上提供麦克风。",
      advice: "请用 https:// 或 localhost 打开本页，或改为选择音频文件。",
    },
    gone: {
      title: "服务器已经删除了这段声音。",
      advice: "声音只保留一段时间，请重新朗读。",
    },
    nothingToSay: {
      title: "这段文字里没有可说的内容。",
      advice: "至少需要一个能读出来的词。",
    },
  },
};

export const DICTIONARY: Record<Language, Words> = { en: english, zh: chinese };

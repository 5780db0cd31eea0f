/** Chinese names of the settings of who she is, by their keys. */

import type { character as english } from "../../en/settings/character";

export const character: Record<keyof typeof english, string> = {
  character_config: "角色",
  face_config: "表情",
  conf_name: "配置名称",
  conf_uid: "对话存放的文件夹",
  character_name: "角色名",
  human_name: "你的名字",
  persona_prompt: "性格设定",
  greeting: "开场白",
  example_dialogue: "示例对话",
  avatar: "头像",
  live2d_model_name: "形象",
  card: "角色卡",
  tool_prompts: "附加到提示词的文件",
  moods_from_words: "从话语中看出情感",
  words: "表示情感的词",
  human: "你",
  character: "角色",
};

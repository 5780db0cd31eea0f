/** What the server says of the settings of who she is, in Chinese, by its English. */

export const character: Readonly<Record<string, string>> = {
  "Names the folder of its conversations.": "存放其对话的文件夹的名称。",
  "A file in avatars/.": "avatars/ 中的一个文件。",
  "What is spoken, such as de or zh-CN: chooses asr_model and tts_model where they are not set.":
    "说哪种语言，例如 de 或 zh-CN；没有设定 asr_model 和 tts_model 时由它决定。",
  "How the character talks: a few turns, `human` and `character`, that the model of basic_memory_agent is shown before every conversation, and nobody else. Small models follow them more than any description.":
    "角色怎样说话：几轮 `human` 与 `character` 的对话，每次对话前给 basic_memory_agent 的模型看，别人看不到。小模型从中学到的比任何描述都多。",
  "What the character says first in a new conversation, before anybody has said anything; empty: nothing.":
    "新对话中还没有人说话时，角色先说的话；为空则不说。",
  "The character card that it was made of, a .json file beside the characters: its lorebook enters by keyword, and what no key here holds is exported again.":
    "角色由哪张角色卡制成：与角色放在一起的 .json 文件。其中的世界书按关键词加入，这里没有对应设置的内容会随导出一起保留。",
  "As system_config.tool_prompts, for this character: in its language for one.":
    "同 system_config.tool_prompts，但只用于这个角色，例如用它的语言书写。",
  "Where the language model names no feeling, show the one that is clear from the words (English, Chinese, Japanese). false: only what it names.":
    "语言模型没有说明情感时，从话语中看出明显的情感（英语、中文、日语）。“否”：只用模型说明的。",
  "Further words by which the language model names a feeling, such as `comfy: joy`: on the right a word of the model's `emotionMap`, or joy, laughter, sadness, anger, surprise, fear, shyness, smugness, thinking, disgust or neutral. `joy: grin` says which of its expressions shows joy.":
    "语言模型表示情感的其他词，例如 `comfy: joy`：右边是模型 `emotionMap` 中的词，或 joy、laughter、sadness、anger、surprise、fear、shyness、smugness、thinking、disgust、neutral。`joy: grin` 表示用哪个表情来表现 joy。",
  "What the person is called who has told no name on the page; with Human, which is no name, the character calls them a friend.":
    "没有在页面上说过名字的人的称呼；Human 不是名字，这时角色称其为朋友。",
};

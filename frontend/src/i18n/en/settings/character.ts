/** English names of the settings of who she is, by their keys; `section.key` where a key means something of its own. */

export const character = {
  character_config: "The character",
  face_config: "Her face",
  conf_name: "Name of the configuration",
  conf_uid: "Folder of her conversations",
  character_name: "Her name",
  human_name: "Your name",
  persona_prompt: "Personality",
  greeting: "Greeting",
  example_dialogue: "Example talk",
  avatar: "Picture",
  live2d_model_name: "Look",
  card: "Character card",
  tool_prompts: "Files added to the prompt",
  moods_from_words: "Show feelings found in her words",
  words: "Words for feelings",
  human: "You",
  character: "She",
};

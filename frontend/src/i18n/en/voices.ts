/** English words of lists of voices; loaded with what shows one. */

export const voices = {
  language: "Language of the voices",
  ownModels: "Models of this program",
  herVoice: "Her voice",
  list: "Voices",
  stop: "Stop",
  use: "Use",
  useVoice: (name: string) => `Use the voice ${name}`,
  chosen: "Chosen",
  isChosen: (name: string) => `Chosen: ${name}`,
  allLanguages: "All languages",
  hear: (name: string) => `Hear ${name}`,
  genders: { female: "female", male: "male" } as Readonly<Record<string, string>>,
};

export type VoiceWords = typeof voices;

/** English words of voices, hers and those of lists; loaded with what shows one. */

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
  speed: "Speed",
  times: (factor: string) => `${factor} ×`,
  only: (engine: string) =>
    `The voice ${engine} has no others. Another spoken language brings another voice; Settings has all engines.`,
  unlisted: (engine: string) => `${engine} does not list its voices; Settings has its keys.`,
  ownVoice: "The usual one",
  otherFile: "This character has a voice of its own, which its file names. These are conf.yaml's.",
  loading: "The voice is being loaded…",
  done: (name: string) => `She speaks with ${name} from her next answer on.`,
  genders: { female: "female", male: "male" } as Readonly<Record<string, string>>,
};

export type VoiceWords = typeof voices;

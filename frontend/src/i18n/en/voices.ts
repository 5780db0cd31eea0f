/** English words of lists of voices; loaded with what shows one. */

export const voices = {
  language: "Language of the voices",
  allLanguages: "All languages",
  hear: (name: string) => `Hear ${name}`,
  genders: { female: "female", male: "male" } as Readonly<Record<string, string>>,
};

export type VoiceWords = typeof voices;

/** English words of groups: who is there, and what they do. */

export const groups = {
  here: "Who is here",
  yourName: "Your name in groups",
  nameHint: "The others see it beside what you say. The characters are told it, too.",
  save: "Save",
  named: (name: string) => `The others see you as ${name} now.`,
  nameless: "The others see you without a name of your own now.",
  speaks: (name: string) => `${name} speaks`,
  doing: {
    speaking: "answers",
    typing: "writes…",
    talking: "talks…",
    none: "",
  },
};

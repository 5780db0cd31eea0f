/** English words of the line that asks a first visitor for a name. */

export const nameQuestion = {
  question: "What is your name?",
  why: (name: string) =>
    `${name || "The character"} remembers you by it. You can change it under Memory.`,
  save: "Save",
  skip: "Skip",
  where: "You can change your name under Memory.",
  takesOver: "What was said so far, I said",
  otherwise: "It is then remembered with this name. Without the tick a new conversation begins.",
};

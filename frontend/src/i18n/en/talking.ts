/** English words of what was said, and of saying it: messages, drafts, pictures, push-to-talk. */

export const talking = {
  done: "Done:",
  toDo: "To do:",
  table: "Table",
  code: (language: string) => (language ? `Code, ${language}` : "Code"),
  copyCode: "Copy the code",
};

/** English words of the lorebook in the editor of a character. */

export const lore = {
  title: "Lorebook",
  hint: "What she is told when one of its words is spoken of. What stands further down is told later, and counts more where there is not room for all. It is saved with her card.",
  none: "She has none yet.",
  entries: "Entries of the lorebook",
  entry: (number: number) => `Entry ${number}`,
  words: "Words",
  wordsHint: "Parted by commas: lighthouse, tower",
  text: "What she is told then",
  always: "Always told",
  isOn: "Switched on",
  off: "Switched off",
  fresh: "New entry",
  add: "Add an entry",
  up: (number: number) => `Move entry ${number} up`,
  down: (number: number) => `Move entry ${number} down`,
  remove: (number: number) => `Delete entry ${number}`,
  removeShort: "Delete",
  removed: "The entry goes once you save.",
  more: (count: number) => `Show ${count} more`,
  wordless: "She is never told this: give it a word, or have it always told.",
  tooLong: (most: string) =>
    `She is never told this: it has more than ${most} bytes, which is all that is told at once.`,
  merged:
    "The lorebook was changed elsewhere meanwhile. Both are put together below: look it over, then save.",
  failed: "The lorebook cannot be read, and stays as it is.",
  tooLarge: (written: number, most: number) =>
    `This is too much at once: ${written} KiB, and the server takes ${most}. Shorten personality, examples or lorebook.`,
};

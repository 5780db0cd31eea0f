/** English words of the list of stored conversations. */

export const conversations = {
  search: "Search in all conversations",
  list: "Stored conversations",
  loading: "Loading…",
  current: "Current",
  you: "You",
  untitled: "Without words",
  pinned: "Pinned",
  someDay: "Some day",
  everywhere: "With all characters",
  with: (name: string) => `with ${name}`,
  said: (name: string, text: string) => `${name}: ${text}`,
  open: "Open:",
  places: (title: string) => `Where it was said: ${title}`,
  foundMore: (count: number) =>
    count === 1 ? "and in 1 more message" : `and in ${count} more messages`,
  more: (title: string) => `More: ${title}`,
  rename: "Rename",
  title: "Title",
  titleHint: "Left empty, its first words are its title.",
  save: "Save",
  cancel: "Cancel",
  pin: "Keep at the top",
  unpin: "No longer at the top",
  exportText: "Save as text",
  exportJson: "Save as JSON",
  delete: (title: string) => `Delete: ${title}`,
  deleted: (title: string) => `Deleted: ${title}`,
  showMore: "Show more",
  found: (count: number, query: string) =>
    `${count === 1 ? "1 conversation" : `${count} conversations`} with “${query}”`,
  foundAtLeast: (count: number, query: string) =>
    `More than ${count} conversations with “${query}”`,
  nothingFound: (query: string) => `Nobody said “${query}” so far.`,
  empty: "Nothing is stored yet. What you talk about is kept here, on your own server.",
};

/** English words of the panels. */

export const panels = {
  histories: "Conversations",
  characters: "Characters",
  backgrounds: "Backgrounds",
  group: "Group",
  settings: "Settings",
  latency: "Speed",
  close: "Close",
};

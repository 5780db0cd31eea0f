/** English words of looks that are kept: their faces, and the way from a character to a new look. */

export const lookFaces = {
  changeFaces: (look: string) => `Change the expressions of ${look}`,
  keptHint: "Each is shown at once. Who looks like this shows it as soon as it is saved.",
  saveFaces: "Save",
  facesSaved: (look: string) => `The expressions of ${look} are saved.`,
  addLook: "Add a look…",
  toCharacter: "Back to the character",
};

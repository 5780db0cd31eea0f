/** Chinese words of looks that are kept: their faces, and the way from a character to a new look. */

import type { lookFaces as en } from "../en/look_faces";

export const lookFaces: typeof en = {
  changeFaces: (look) => `更改 ${look} 的表情`,
  keptHint: "每次选择都会立即展示。保存后，使用这个形象的角色马上生效。",
  saveFaces: "保存",
  facesSaved: (look) => `${look} 的表情已保存。`,
  addLook: "添加形象…",
  toCharacter: "返回角色",
};

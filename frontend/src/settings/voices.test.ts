import { expect, test } from "vitest";

import { aboutVoice, languageName, VOICE_WORDS } from "./voices";

test.each([
  ["de", "en", "German"],
  ["zh", "zh-CN", "中文"],
  ["en_US.utf8", "en", "en_US.utf8"],
])("the language %j is called in %j %j", (tag, inTag, name) => {
  expect(languageName(tag, inTag)).toBe(name);
});

test.each([
  [["de", "fr"], "female", "German, French, female"],
  [[], "robot", ""],
  [["de"], "", "German"],
])("of a voice of %j and %j is known: %j", (languages, gender, known) => {
  expect(aboutVoice({ languages, gender }, VOICE_WORDS.en, "en")).toBe(known);
});

import type { LanguageEngine, Languages } from "@open-llm-vtuber/shared/protocol/messages";
import { expect, test } from "vitest";

import { offerOf } from "./spoken";

function engine(name: string, online = false): LanguageEngine {
  return { engine: name, fetches_mb: 0, online, advice: "" };
}

const KNOWN: Languages = {
  type: "languages",
  language: "en",
  stays: [],
  file: "conf.yaml",
  languages: [
    { language: "en", name: "English", asr: engine("moonshine_asr"), tts: engine("hibari_tts") },
    { language: "ko", name: "한국어", asr: engine("faster_whisper"), tts: engine("edge", true) },
    { language: "no", name: "Norsk", asr: engine("faster_whisper"), tts: engine("piper_tts") },
    { language: "zh", name: "中文", asr: engine("faster_whisper"), tts: engine("kokoro_tts") },
  ],
};

test.each([
  [["zh-CN", "en"], "zh"],
  [["nb-NO"], "no"],
  [["tlh", "zh-TW"], "zh"],
])("a browser of %j is offered %s", (tags, language) => {
  const offer = offerOf(KNOWN, tags);
  expect(offer?.choice.language).toBe(language);
  expect(offer?.isPicked).toBe(true);
});

test("what a service would hear is told, but not picked", () => {
  const offer = offerOf(KNOWN, ["ko-KR"]);
  expect([offer?.choice.language, offer?.isPicked]).toEqual(["ko", false]);
});

test.each([[["en-GB", "zh"]], [["tlh"]], [[]]])("a browser of %j is offered nothing", (tags) => {
  expect(offerOf(KNOWN, tags)).toBeNull();
});

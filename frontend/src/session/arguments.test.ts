/** Arguments of tools, as they are shown before they are allowed. */

import { expect, test } from "vitest";

import { readArguments, visible } from "./arguments";

test("a text is shown as it is, anything else as JSON", () => {
  const json = '{"path": "C:\\\\notes", "deep": {"a": [1, null]}, "count": 3, "none": null}';
  expect(readArguments(json)).toEqual([
    { name: "path", value: "C:\\notes", beginning: "" },
    { name: "deep", value: '{\n  "a": [\n    1,\n    null\n  ]\n}', beginning: "" },
    { name: "count", value: "3", beginning: "" },
    { name: "none", value: "null", beginning: "" },
  ]);
  expect(readArguments("{}")).toEqual([]);
});

test("what cannot be seen is written out", () => {
  expect(visible("a\u202egpj.exe\u0000\u001b[2J\u200b\u{e0041}\ttab\nline")).toBe(
    "a\\u{202e}gpj.exe\\u{0}\\u{1b}[2J\\u{200b}\\u{e0041}\\u{9}tab\nline",
  );
  const [one] = readArguments('{"na\\u200bme": "\\u2066x\\ud800"}');
  expect(one).toEqual({ name: "na\\u{200b}me", value: "\\u{2066}x\\u{d800}", beginning: "" });
});

test("markup is a text like any other", () => {
  const [one] = readArguments('{"text": "<img src=x onerror=alert(1)>"}');
  expect(one?.value).toBe("<img src=x onerror=alert(1)>");
});

test("of what is long, the beginning is there as well", () => {
  const [long] = readArguments(JSON.stringify({ text: "word ".repeat(100) }));
  expect(long?.value).toHaveLength(500);
  expect(long?.beginning).toBe("word ".repeat(16));
  const [tall] = readArguments(JSON.stringify({ text: "a\n".repeat(10) }));
  expect(tall?.beginning).toBe("a ".repeat(10));
});

test("what is no object is shown all the same", () => {
  expect(readArguments("{oh")).toEqual([{ name: "", value: "{oh", beginning: "" }]);
  expect(readArguments("[1]")).toEqual([{ name: "", value: "[1]", beginning: "" }]);
});

test("no number is shown as another one", () => {
  const json = '{"account": 9007199254740993}';
  expect(readArguments(json)).toEqual([{ name: "", value: json, beginning: "" }]);
  const others = '{"text": "9007199254740993 \\" 9007199254740993", "ratio": 0.12345678901234567}';
  expect(readArguments(others).map(({ name }) => name)).toEqual(["text", "ratio"]);
});

test("however deep it goes", () => {
  const deep = `{"a": ${"[".repeat(900)}${"]".repeat(900)}}`;
  expect(readArguments(deep)[0]?.name).toBe("a");
});

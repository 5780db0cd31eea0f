/** What a key of conf.yaml is called to a person, and the unit of its value; pure. */

export type Unit = "s" | "ms" | "bytes" | "chars" | "hertz" | "decibels";

const UNITS: readonly (readonly [ending: RegExp, unit: Unit])[] = [
  [/_ms$/, "ms"],
  [/(_s|_timeout)$/, "s"],
  [/_bytes$/, "bytes"],
  [/_chars$/, "chars"],
  [/(_sr|sample_rate)$/, "hertz"],
  [/(_db$|^db_)/, "decibels"],
];
/** What is written otherwise than as a word. */
const SHORT: Readonly<Record<string, string>> = Object.fromEntries(
  "API ASR GPU ID IDs LLM MCP SDK SSML TTL TTS UID URL VAD VITS HTTP JSON CUDA"
    .split(" ")
    .map((one) => [one.toLowerCase(), one]),
);

/** Return the unit of the numbers of a key, if its name tells it. */
export function unitOf(key: string): Unit | null {
  return UNITS.find(([ending]) => ending.test(key))?.[1] ?? null;
}

/** Return a key as words: `max_upload_bytes` is "Max upload". */
export function spelled(key: string): string {
  const words = key
    .replace(/_(ms|s|bytes|chars)$/, "")
    .split("_")
    .filter(Boolean)
    .map((word) => SHORT[word.toLowerCase()] ?? word);
  const [first = key, ...rest] = words;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(" ");
}

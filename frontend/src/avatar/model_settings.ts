/** A Live2D model's .model3.json as the engine bears it: what is null or half written costs itself. */

import { AvatarError } from "./errors";

type Entry = Readonly<Record<string, unknown>>;

/** What the engine takes in place of an address. */
export interface ModelSettings extends Entry {
  readonly url: string;
  readonly FileReferences: Entry;
}

/** Fetch and mend the settings at an absolute `url`. Throws AvatarError. */
export async function loadModelSettings(url: string): Promise<ModelSettings> {
  const path = shown(url);
  let json: unknown;
  try {
    const answer = await fetch(url);
    if (answer.status === 404) throw new AvatarError(failed(`there is no ${path}`));
    if (!answer.ok)
      throw new AvatarError(failed(`${path} could not be fetched (${String(answer.status)})`));
    json = await answer.json();
  } catch (error) {
    if (error instanceof AvatarError) throw error;
    throw new AvatarError(failed(`${path} cannot be read`), { cause: error });
  }
  return modelSettings(json, url);
}

/** Return the settings in `json`, from `url`, mended. Throws AvatarError. */
export function modelSettings(json: unknown, url: string): ModelSettings {
  const model = record(json);
  const files = record(model["FileReferences"]);
  if (typeof files["Moc"] !== "string") {
    const old = typeof model["model"] === "string"; // as in Cubism 2
    throw new AvatarError(
      old
        ? "This is a model of Cubism 2, which cannot be drawn; only those of Cubism 3 and newer can."
        : failed("its .model3.json names no Moc"),
    );
  }
  const given = Object.fromEntries(Object.entries(files).filter(([, value]) => value !== null));
  const expressions = list(files["Expressions"]).map((one, index) => ({
    ...one,
    Name: text(one["Name"]) ?? `expression ${String(index)}`,
    // They are called by their places too, so one without a file keeps its place.
    File: text(one["File"]) ?? "none.exp3.json",
  }));
  const motions = Object.entries(record(files["Motions"])).map(([group, all]) => {
    return [group, list(all).filter((one) => text(one["File"]) !== undefined)] as const;
  });
  const kept: Record<string, unknown> = { ...given, Motions: Object.fromEntries(motions) };
  if (expressions.length > 0) kept["Expressions"] = expressions;
  else delete kept["Expressions"];
  const rest = Object.entries(model).filter(([, value]) => value !== null);
  // The engine cannot do without Groups.
  return { Groups: [], ...Object.fromEntries(rest), FileReferences: kept, url };
}

/** Return the path of an address as a person would write it. */
function shown(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, "");
  try {
    return decodeURI(path);
  } catch {
    return path; // a "%" that stands for itself
  }
}

function failed(why: string): string {
  return `The Live2D model could not be shown: ${why}`;
}

function record(value: unknown): Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Entry)
    : {};
}

function list(value: unknown): readonly Entry[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The entry of model_dict.json that the server sends as `model_info`, as far as it is understood. */

/** Weights of the motion groups that a tap may play, by name; "" is the group without a name. */
export type TapMotions = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface ModelInfo {
  /** Of the .model3.json. */
  readonly url: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** Of the open rig, if the model has one. */
  readonly rig?: string | undefined;
  /** Of the VRM, if the model is one. */
  readonly vrm?: string | undefined;
  /** Of a still picture, for browsers without WebGL. */
  readonly picture?: string | undefined;
  /** Half the size: 0.5 fits the stage. */
  readonly kScale?: number | undefined;
  readonly initialXshift?: number | undefined;
  readonly initialYshift?: number | undefined;
  readonly idleMotionGroupName?: string | undefined;
  readonly emotionMap?: Readonly<Record<string, number | string>> | undefined;
  readonly tapMotions?: TapMotions | undefined;
  readonly defaultEmotion?: number | string | undefined;
  /** Whether the eyes follow the pointer and taps are answered; true unless said otherwise. */
  readonly pointerInteractive?: boolean | undefined;
  /** Whether the wheel resizes the model; true unless said otherwise. */
  readonly scrollToResize?: boolean | undefined;
}

/**
 * Return what is understood of an entry that a person may have written: without numbers that are
 * none, and with an address. (The server passes entries on as they are.)
 */
export function understood(entry: ModelInfo): ModelInfo {
  const given = entry as unknown as Readonly<Record<string, unknown>>;
  return {
    url: address(text(given["url"]) ?? ""),
    name: text(given["name"]),
    description: text(given["description"]),
    rig: text(given["rig"]),
    vrm: text(given["vrm"]),
    picture: text(given["picture"]),
    kScale: number(given["kScale"]),
    initialXshift: number(given["initialXshift"]),
    initialYshift: number(given["initialYshift"]),
    idleMotionGroupName: text(given["idleMotionGroupName"]),
    emotionMap: entry.emotionMap,
    tapMotions: weights(given["tapMotions"]),
    defaultEmotion: number(given["defaultEmotion"]) ?? text(given["defaultEmotion"]),
    pointerInteractive: given["pointerInteractive"] !== false,
    scrollToResize: given["scrollToResize"] !== false,
  };
}

/** People write the names of their folders, and with them signs that mean something in an address. */
function address(path: string): string {
  if (/^https?:/i.test(path)) return path;
  return path.replace(/%(?![0-9a-f]{2})/gi, "%25").replace(/#/g, "%23");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Numbers are sometimes written as texts. */
function number(value: unknown): number | undefined {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) {
    return undefined;
  }
  return Number.isFinite(Number(value)) ? Number(value) : undefined;
}

function weights(value: unknown): TapMotions {
  const areas = Object.entries(record(value)).map(([area, groups]) => {
    const all = Object.entries(record(groups)).map(([group, weight]) => {
      return [group, number(weight) ?? 0] as const;
    });
    return [area, Object.fromEntries(all)] as const;
  });
  return Object.fromEntries(areas);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

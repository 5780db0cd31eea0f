/** What the person has chosen for this browser; kept in localStorage. */

import type { Placement } from "../avatar/avatar";

export interface Choices {
  language: "auto" | "en" | "zh";
  theme: "auto" | "light" | "dark";
  /** Device ids; "" is the system's default. */
  microphone: string;
  speaker: string;
  camera: string;
  /** 0 to 1 */
  volume: number;
  isMuted: boolean;
  echoCancellation: boolean;
  noiseSuppression: boolean;
  /** Speak only while the key or button is held. */
  pushToTalk: boolean;
  /** How readily speech is noticed, 0 to 1; null leaves it to conf.yaml. */
  vadSensitivity: number | null;
  /** How long a pause ends an utterance, in ms; null leaves it to conf.yaml. */
  pauseMs: number | null;
  captions: boolean;
  captionSize: "small" | "medium" | "large";
  /** Whether what is being said is shown while it is said. */
  partialTranscripts: boolean;
  /** After how many seconds of silence she speaks of her own accord; 0 is never. */
  proactiveAfterS: number;
  /** A file below /bg/; "" is the page's own ground. */
  background: string;
  /** Whether the conversation is beside her on wide screens. */
  showConversation: boolean;
  hintsSeen: string[];
  /** Where each character was put, by the address of its model. */
  placements: Record<string, Placement>;
}

const KEY = "open-llm-vtuber:settings";
const DEFAULTS: Choices = {
  language: "auto",
  theme: "auto",
  microphone: "",
  speaker: "",
  camera: "",
  volume: 1,
  isMuted: false,
  echoCancellation: true,
  noiseSuppression: true,
  pushToTalk: false,
  vadSensitivity: null,
  pauseMs: null,
  captions: true,
  captionSize: "medium",
  partialTranscripts: true,
  proactiveAfterS: 0,
  background: "attic-at-dusk.jpg",
  showConversation: matchMedia("(min-width: 56rem)").matches,
  hintsSeen: [],
  placements: {},
};

/** Reads as an object whose fields are drawn from; `set` keeps what is changed. */
export class Settings {
  #choices = $state<Choices>(stored());

  get now(): Readonly<Choices> {
    return this.#choices;
  }

  set(change: Partial<Choices>): void {
    Object.assign(this.#choices, change);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#choices));
    } catch (error) {
      console.warn(
        "The settings last as long as this page, since the browser keeps nothing.",
        error,
      );
    }
  }

  reset(): void {
    this.set(DEFAULTS);
  }
}

/** What was kept, without what is not (or no longer) a choice of that type. */
function stored(): Choices {
  const found: Choices = { ...DEFAULTS, hintsSeen: [], placements: {} };
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    for (const [key, value] of Object.entries(kept ?? {})) {
      const known = DEFAULTS[key as keyof Choices];
      if (known !== undefined && (known === null || typeof known === typeof value)) {
        Object.assign(found, { [key]: value });
      }
    }
  } catch (error) {
    console.warn("The settings that were kept could not be read; the defaults are used.", error);
  }
  return found;
}

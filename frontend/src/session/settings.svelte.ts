/** What the person has chosen for this browser; kept in localStorage. */

import { LARGEST, SMALLEST } from "../avatar/placing";
import type { Placement } from "../avatar/types";
import {
  isBetween,
  isFlag,
  isListOf,
  isMadeOf,
  isOneOf,
  isRecordOf,
  isText,
  keep,
  orNull,
  readKept,
  SETTINGS,
  type Checks,
} from "./kept";

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

/** So long nothing must change before it is written. */
const SAVE_MS = 300;

const isShift = isBetween(-LARGEST, LARGEST);
const CHECKS: Checks<Choices> = {
  language: isOneOf("auto", "en", "zh"),
  theme: isOneOf("auto", "light", "dark"),
  microphone: isText,
  speaker: isText,
  camera: isText,
  volume: isBetween(0, 1),
  isMuted: isFlag,
  echoCancellation: isFlag,
  noiseSuppression: isFlag,
  pushToTalk: isFlag,
  vadSensitivity: orNull(isBetween(0, 1)),
  pauseMs: orNull(isBetween(0, 60_000)),
  captions: isFlag,
  captionSize: isOneOf("small", "medium", "large"),
  partialTranscripts: isFlag,
  proactiveAfterS: isBetween(0, 86_400),
  background: isText,
  showConversation: isFlag,
  hintsSeen: isListOf(isText),
  placements: isRecordOf(
    isMadeOf<Placement>({ scale: isBetween(SMALLEST, LARGEST), x: isShift, y: isShift }),
  ),
};

function defaults(): Choices {
  return {
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
}

/** Return what is kept; what is not, or no longer, a choice of its kind is the default. */
function stored(): Choices {
  return { ...defaults(), ...readKept("localStorage", SETTINGS, CHECKS) };
}

/**
 * Reads as an object whose fields are drawn from; `set` keeps what is changed.
 *
 * Another tab of the same browser keeps its choices in the same place: only what was changed here
 * is written, and what is changed there holds here too.
 */
export class Settings {
  #choices = $state<Choices>(stored());
  /** What was changed here and is not written yet. */
  #unsaved = new Set<keyof Choices>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    addEventListener("pagehide", () => this.#save());
    // Telephones end a page that is hidden, and tell it nothing more.
    document.addEventListener("visibilitychange", () => this.#save());
    addEventListener("storage", ({ key }) => {
      if (key === SETTINGS || key === null) this.#follow();
    });
  }

  get now(): Readonly<Choices> {
    return this.#choices;
  }

  set(change: Partial<Choices>): void {
    Object.assign(this.#choices, change);
    for (const name of Object.keys(change)) this.#unsaved.add(name as keyof Choices);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), SAVE_MS);
  }

  reset(): void {
    this.set(defaults());
  }

  #save(): void {
    clearTimeout(this.#timer);
    if (!this.#unsaved.size) return;
    const changed = [...this.#unsaved].map((name) => [name, this.#choices[name]]);
    this.#unsaved.clear();
    keep("localStorage", SETTINGS, Object.fromEntries(changed));
  }

  #follow(): void {
    const changed = Object.entries(stored()).filter(
      ([name]) => !this.#unsaved.has(name as keyof Choices),
    );
    Object.assign(this.#choices, Object.fromEntries(changed));
  }
}

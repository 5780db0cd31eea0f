/** What the person can choose for this browser. */

import { THEMES, type Theme } from "@open-llm-vtuber/shared/appearance";
import { CODES, type Language } from "@open-llm-vtuber/shared/i18n/language";
import {
  isBetween,
  isFlag,
  isListOf,
  isMadeOf,
  isOneOf,
  isRecordOf,
  isText,
  orNull,
  SETTINGS,
  type Checks,
} from "@open-llm-vtuber/shared/kept";
import { Preferences } from "@open-llm-vtuber/shared/preferences.svelte";

import { LARGEST, SMALLEST } from "../avatar/placing";
import type { Placement } from "../avatar/types";

export interface Choices {
  language: Language | "auto";
  theme: Theme;
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
  /** How long a pause of which nothing is known ends an utterance, in ms; null leaves it to conf.yaml. */
  pauseMs: number | null;
  captions: boolean;
  captionSize: "small" | "medium" | "large";
  /** Whether what is being said is shown while it is said. */
  partialTranscripts: boolean;
  /** After how many seconds of silence she speaks of her own accord; 0 is never. */
  proactiveAfterS: number;
  /** Whether a notification tells that she speaks unasked while the page is hidden. */
  notifies: boolean;
  /** A file below /bg/; "" is the page's own ground. */
  background: string;
  /** Whether the conversation is beside her on wide screens. */
  showConversation: boolean;
  hintsSeen: string[];
  /** Who talks here, as they have said; "" where they have not. */
  person: string;
  /** What others in a group see as the person's name; "" is `person`. */
  groupName: string;
  /** Where each character was put, by the address of its model. */
  placements: Record<string, Placement>;
}

const isShift = isBetween(-LARGEST, LARGEST);
const CHECKS: Checks<Choices> = {
  language: isOneOf("auto", ...CODES),
  theme: isOneOf(...THEMES),
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
  notifies: isFlag,
  background: isText,
  showConversation: isFlag,
  hintsSeen: isListOf(isText),
  person: isText,
  groupName: isText,
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
    notifies: false,
    background: "attic-at-dusk.jpg",
    showConversation: matchMedia("(min-width: 56rem)").matches,
    hintsSeen: [],
    person: "",
    groupName: "",
    placements: {},
  };
}

export class Settings extends Preferences<Choices> {
  constructor() {
    super(SETTINGS, CHECKS, defaults);
  }
}

/** The words of the devices that have a token of their own; they come with their list. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { deviceTokens as en, type DeviceTokenWords } from "../../i18n/en/device_tokens";
import { deviceTokens as zh } from "../../i18n/zh/device_tokens";

const LANGUAGES: Readonly<Record<Language, DeviceTokenWords>> = { en, zh };

export function tokenWords(language: Language): DeviceTokenWords {
  return LANGUAGES[language];
}

/** All words of the page, in every language that it speaks; a language that lacks one does not compile. */

import { COMMON } from "@open-llm-vtuber/shared/i18n/common";
import { spoken, TAGS, type Language } from "@open-llm-vtuber/shared/i18n/language";

import { access as enAccess } from "./en/access";
import { conversation as enConversation } from "./en/conversation";
import { conversations as enConversations } from "./en/conversations";
import { devices as enDevices } from "./en/devices";
import { errors as enErrors } from "./en/errors";
import { messages as enMessages } from "./en/messages";
import { modes as enModes } from "./en/modes";
import { groups as enGroups } from "./en/groups";
import { invitations as enInvitations } from "./en/invitations";
import { nameQuestion as enNameQuestion } from "./en/name_question";
import { panels as enPanels } from "./en/panels";
import { talking as enTalking } from "./en/talking";
import { access as zhAccess } from "./zh/access";
import { conversation as zhConversation } from "./zh/conversation";
import { conversations as zhConversations } from "./zh/conversations";
import { devices as zhDevices } from "./zh/devices";
import { errors as zhErrors } from "./zh/errors";
import { messages as zhMessages } from "./zh/messages";
import { modes as zhModes } from "./zh/modes";
import { groups as zhGroups } from "./zh/groups";
import { invitations as zhInvitations } from "./zh/invitations";
import { nameQuestion as zhNameQuestion } from "./zh/name_question";
import { panels as zhPanels } from "./zh/panels";
import { talking as zhTalking } from "./zh/talking";

const en = {
  language: "en" as Language,
  tag: TAGS.en,
  common: COMMON.en,
  conversation: enConversation,
  messages: enMessages,
  conversations: enConversations,
  talking: enTalking,
  panels: enPanels,
  modes: enModes,
  errors: enErrors,
  groups: enGroups,
  access: enAccess,
  invitations: enInvitations,
  devices: enDevices,
  nameQuestion: enNameQuestion,
};
const zh: Words = {
  language: "zh",
  tag: TAGS.zh,
  common: COMMON.zh,
  conversation: zhConversation,
  messages: zhMessages,
  conversations: zhConversations,
  talking: zhTalking,
  panels: zhPanels,
  modes: zhModes,
  errors: zhErrors,
  groups: zhGroups,
  access: zhAccess,
  invitations: zhInvitations,
  devices: zhDevices,
  nameQuestion: zhNameQuestion,
};

export type Words = typeof en;

const LANGUAGES: Record<Language, Words> = { en, zh };

/** Return the words of a language; "auto" is the first that the browser prefers and we speak. */
export function wordsOf(language: Language | "auto"): Words {
  return LANGUAGES[spoken(language)];
}

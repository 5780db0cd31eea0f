/** English words of what failed, by the server's code of it: what was wrong, then what to do. */

import type { ErrorWords } from "../errors";
import { limits } from "./talking";

const AGAIN = "Load this page anew, so that it fits the server.";

export const errors: ErrorWords = {
  parts: {
    llm: "language model",
    asr: "speech recognition",
    tts: "voice",
    vad: "speech detection",
    turn: "turn detection",
    agent: "agent",
    translate: "translation",
    embedding: "recall",
    other: "engine",
  },
  lateAway:
    "The server is away, so this could not be loaded. It is loaded as soon as the server is back.",
  lateOther: "This could not be loaded. Try again; if that does not help, load the page anew.",
  copyDetails: "Copy details",
  details: "Details",
  openSettings: "Open settings",
  chooseLanguage: "Choose her language",
  again: "Try again",
  internal: () =>
    "Something failed inside the server. Try again; if it stays like that, the server's log says why.",
  "engine-failed": ({ part }) =>
    `The ${part} failed. Try again, or choose another in the settings.`,
  "engine-missing": ({ part, name }) =>
    `${name ? `The server has no ${part} called ${name}.` : `This character has no ${part}.`} Choose one in the settings.`,
  "engine-loading": ({ part }) => `The ${part} is still being loaded. Try again in a while.`,
  "engine-timeout": ({ part, limit_s }) =>
    `The ${part} took longer than ${limit_s} s. Try again, or choose a faster one in the settings.`,
  "package-missing": ({ part, package: name }) =>
    `The ${part} needs the package ${name}, which is not installed. Install it on the server's computer, or choose another in the settings.`,
  "weights-missing": ({ name }) =>
    `The files of the model ${name} are not here. Connect the server to the internet, so that it can fetch them, or choose another model.`,
  "service-unreachable": ({ part }) =>
    `The service of the ${part} cannot be reached. See whether it is running and this computer is online, then try again.`,
  "service-busy": ({ part }) =>
    `The service of the ${part} takes no more requests for now. Wait a moment, then try again.`,
  "service-failed": ({ part }) =>
    `The service of the ${part} failed. Try again; if it stays like that, it has a problem of its own.`,
  "service-refused": ({ part }) =>
    `The service of the ${part} did not accept the request. Look at its settings; the details say what it did not like.`,
  "model-unknown": ({ part }) =>
    `The service of the ${part} does not have what it was asked for. Correct the name of the model or voice, or its address, in the settings.`,
  "memory-short": ({ name }) =>
    `There is not enough memory for the model ${name}. Choose a smaller one in the settings, or close other programs and try again.`,
  "disk-full": () =>
    "The disk of the server is full, so nothing more can be kept. Free some space there, then try again; what was stored is not lost.",
  "quota-spent": ({ part }) =>
    `The service of the ${part} does no more for your account: its quota is used up. Top up the account there, or choose another service in the settings.`,
  "key-wrong": ({ part }) =>
    `The service of the ${part} has no valid key from you. Set the right one in the settings.`,
  "turn-timeout": ({ limit_s }) =>
    `The answer was not finished within ${limit_s} s. Try again, or ask for something shorter.`,
  "no-answer": () => "The language model gave no answer. Try again, or ask in other words.",
  "prompt-too-long": () =>
    "That is longer than the language model can read. Shorten it, or begin a new conversation.",
  "no-sound": () =>
    "The voice gave no sound for a sentence. Read it here, or choose another voice in the settings.",
  "script-unspoken": ({ scripts }) =>
    `Her voice cannot say ${scripts}: such words are shown, but not heard. Write in the language she speaks, or choose another.`,
  "picture-refused": () =>
    "The picture was not taken; the answer is given without it. Show a smaller one, or one of another kind.",
  "pictures-unseen": () =>
    "The language model sees no pictures; the answer is given without them. Choose one that does in the settings.",
  "nothing-heard": () => "No words were heard. Speak a little louder or nearer, or write.",
  "message-empty": () => "There was nothing in the message. Write or say something.",
  "message-malformed": () => `The server did not understand a message of this page. ${AGAIN}`,
  "message-unknown": () => `The server did not understand a message of this page. ${AGAIN}`,
  "message-too-large": () =>
    "The message was too large for the server. Send less at once, with fewer or smaller pictures.",
  "limit-reached": ({ about = "", limit = "" }) =>
    limits[about.replace("system_config.limits.", "")]?.(limit) ??
    (limit && about
      ? `That is over a limit of the server: ${about} is ${limit}. Take less, or raise the limit in the settings.`
      : "The server is full. Wait a moment, then try again."),
  "history-failed": () =>
    "The stored conversations cannot be used. The details say how to mend that; until then nothing is kept.",
  "history-unknown": () =>
    "There is no such conversation any more. Choose another, or begin a new one.",
  "message-gone": () =>
    "This message is not in the conversation any more. Load the page anew to see it as it is.",
  "message-fixed": () => "That cannot be done with this message. Copy it, or write a new one.",
  "memory-unknown": () => "This is not remembered any more. Open the memory anew to see what is.",
  "character-unknown": ({ file }) =>
    `There is no character ${file} any more. Choose another under Characters.`,
  "character-unreadable": () =>
    "The configuration of this character cannot be read. Mend its file, or choose another character.",
  "group-client-unknown": () =>
    "There is no page with this id. Copy it once more from the other page, completely.",
  "group-self": () => "You cannot invite yourself. Take the id that the other page shows.",
  "group-taken": () => "They are in a group already. Ask them to leave it first.",
  "group-none": () => "You are in no group. Invite somebody first.",
  "group-member-unknown": () => "They are not in your group. Look who is in it now.",
  "group-not-owner": () => "Only who began the group can remove others. Ask them to do it.",
  "group-asked": () => "They were asked already. Wait for their answer.",
  "group-declined": () => "They do not want to join now. They can still invite you.",
  "group-unanswered": () =>
    "They did not answer the invitation. See whether their page is open, then invite them once more.",
  "group-invitation-over": () => "This invitation is over. Ask them to invite you once more.",
  "group-invitations-full": () =>
    "Too many invitations. Wait for an answer or for a minute, then try again.",
  "tool-unasked": () =>
    "A tool was not used, because you could not be asked. Open this page alone, and ask once more.",
  "question-over": () =>
    "That question is over: it was answered or withdrawn before. Ask her once more.",
  "settings-forbidden": () =>
    "This page may not change the server's settings. Open it on the server's computer, or with the access token.",
  "conf-unwritable": ({ file }) =>
    `The server could not write ${file}. Give its user the right to write there, then try again.`,
  "conf-changed": ({ file }) =>
    `${file} was changed by somebody else meanwhile. Open it anew, then make your change once more.`,
  "language-model-absent": ({ name }) =>
    `There is no ${name} any more. Start what runs it, or choose another language model.`,
  "trial-busy": () => "Something else is being tried. Wait, then try again.",
  "card-unreadable": () =>
    "This file is no character card. Choose a PNG, JSON or CHARX file that was saved as one.",
  "look-unfit": () => "This file is no look that can be used. Choose another file.",
  "look-gone": () => "This look is gone. Choose another, or add it once more.",
  "look-taken": () => "This look is in use, or its name is. Choose another.",
  "file-too-large": () => "This file is too large. Choose a smaller one.",
};

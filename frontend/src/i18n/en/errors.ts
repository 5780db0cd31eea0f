/** English words of what failed, by the server's code of it. */

import type { ErrorWords } from "../errors";
import { limits } from "./talking";

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
  internal: () => "Something failed inside the server; its log says more.",
  "engine-failed": ({ part }) => `The ${part} failed.`,
  "engine-missing": ({ part, name }) =>
    name ? `The server has no ${part} called ${name}.` : `This character has no ${part}.`,
  "engine-loading": ({ part }) => `The ${part} is still being loaded. Try again in a while.`,
  "engine-timeout": ({ part, limit_s }) => `The ${part} took longer than ${limit_s} s.`,
  "package-missing": ({ part, package: name }) =>
    `The ${part} needs the package ${name}, which is not installed.`,
  "weights-missing": ({ name }) => `The files of the model ${name} are not here.`,
  "service-unreachable": ({ part }) => `The service of the ${part} cannot be reached.`,
  "service-busy": ({ part }) => `The service of the ${part} takes no more requests for now.`,
  "service-failed": ({ part }) => `The service of the ${part} failed.`,
  "service-refused": ({ part }) => `The service of the ${part} did not accept the request.`,
  "quota-spent": ({ part }) =>
    `The service of the ${part} does no more for your account: its quota is used up.`,
  "key-wrong": ({ part }) => `The service of the ${part} needs a valid key in conf.yaml.`,
  "turn-timeout": ({ limit_s }) => `The answer was not finished within ${limit_s} s.`,
  "no-answer": () => "The language model gave no answer. Try asking once more.",
  "prompt-too-long": () => "That is longer than the language model can read.",
  "no-sound": () => "The voice gave no sound for a sentence.",
  "script-unspoken": ({ scripts }) =>
    `This voice cannot say ${scripts}: such words are shown, but not heard.`,
  "picture-refused": () => "The picture was not taken; the answer is given without it.",
  "pictures-unseen": () => "The language model sees no pictures; the answer is given without them.",
  "nothing-heard": () => "No words were heard.",
  "message-empty": () => "There was nothing in the message.",
  "message-malformed": () => "The server did not understand a message of this page.",
  "message-unknown": () => "The server did not understand a message of this page.",
  "message-too-large": () => "The message was too large for the server.",
  "limit-reached": ({ about = "", limit = "" }) =>
    limits[about.replace("system_config.limits.", "")]?.(limit) ??
    (limit ? `That is over a limit of the server: ${about} is ${limit}.` : `The server is full.`),
  "history-failed": () => "The stored conversations cannot be used.",
  "history-unknown": () => "There is no such conversation any more.",
  "message-gone": () => "This message is not in the conversation any more.",
  "message-fixed": () => "That cannot be done with this message.",
  "memory-unknown": () => "This is not remembered any more.",
  "character-unknown": ({ file }) => `There is no character ${file} any more.`,
  "character-unreadable": () => "The configuration of this character cannot be read.",
  "group-client-unknown": () => "There is no page with this id; was it copied completely?",
  "group-self": () => "You cannot invite yourself.",
  "group-taken": () => "They are in a group already.",
  "group-none": () => "You are in no group.",
  "group-member-unknown": () => "They are not in your group.",
  "group-not-owner": () => "Only who began the group can remove others.",
  "tool-unasked": () => "A tool was not used, because you could not be asked.",
  "question-over": () => "That question is over: it was answered or withdrawn before.",
  "settings-forbidden": () => "This page may not change the server's settings.",
  "conf-unwritable": ({ file }) => `The server could not write ${file}.`,
  "conf-changed": ({ file }) => `${file} was changed by somebody else meanwhile.`,
  "language-model-absent": ({ name }) => `There is no ${name} any more.`,
};

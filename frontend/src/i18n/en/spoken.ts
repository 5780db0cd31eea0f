/** English words of the spoken language that a first visitor is offered. */

export const spoken = {
  offered: (language: string, name: string, now: string) =>
    `Your browser is set to ${language}. ${name} speaks ${now} until you press the button.`,
  offeredUnset: (language: string, name: string) =>
    `Your browser is set to ${language}. Press the button, and ${name} speaks it.`,
  onlyOnline: (language: string, engine: string) =>
    `Your browser is set to ${language}. She can speak it, but only by an online service, ${engine}: what she says would go there. You can choose it in the list all the same.`,
};

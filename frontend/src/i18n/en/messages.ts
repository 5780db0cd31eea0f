/** English words for what can be done with a message. */

export const messages = {
  actions: (who: string) => `Actions for the message of ${who}`,
  more: "What can be done with this message",
  sayAgain: "Say again",
  answerAnew: "Answer anew",
  tryAgain: "Try again",
  goOn: "Go on",
  edit: "Edit and send again",
  delete: "Delete",
  deleted: "The message is deleted.",
  notDeleted: "The message was not deleted.",
  notRestored: "The message cannot be put back any more.",
  unanswered: "not answered",
  version: (number: number, all: number) => `Version ${number} of ${all}`,
  earlier: "Earlier version",
  later: "Later version",
  editing: "Your message",
  send: "Send again",
  cancel: "Cancel",
};

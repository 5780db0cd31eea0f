/** English words of who asks the person to join a group. */

export const invitations = {
  title: (name: string) => `${name} asks you to join a group`,
  with: (character: string) => `Together with ${character}.`,
  others: (names: string) => `Also there: ${names}.`,
  explain: "You then hear each other and each other's characters. You can leave at any time.",
  accept: "Join",
  decline: "Not now",
  over: {
    timeout: (name: string) => `The invitation of ${name} is over: nobody answered it in time.`,
    withdrawn: (name: string) => `${name} does not invite you any more.`,
    joined: () => "You are in a group; the other invitation is over.",
    answered: () => "",
  },
};

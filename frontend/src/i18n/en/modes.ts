/** English words of the overlay, of the small window, of the whole screen, and of the installed page. */

export const modes = {
  overlay: {
    unreachable: (host: string) =>
      `Nothing is to be seen of ${host}. Does the server run, and is the access token in the address?`,
    press: "Press anywhere to hear the voice",
  },
};

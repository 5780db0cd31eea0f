/** English words of the overlay, of the small window, of the whole screen, and of the installed page. */

export const modes = {
  overlay: {
    unreachable: (host: string) =>
      `Nothing is to be seen of ${host}. Does the server run, and is the access token in the address?`,
    press: "Press anywhere to hear the voice",
  },
  tools: {
    title: "Tools and views",
    fullscreen: "Full screen",
    leaveFullscreen: "Leave full screen",
    small: "Small window",
    quiet: "Hide the controls",
    unquiet: "Keep the controls in sight",
    quietHint: "The controls hide while nothing moves. Move the pointer, touch, or press a key.",
    failed: "The browser did not allow it. Allow it next to the address, or use another browser.",
  },
  small: {
    there: "The character is in the small window.",
    back: "Bring back here",
    stop: "Stop the answer",
  },
  notify: {
    name: "Call me when this page is hidden",
    hint: "A notification when the character speaks unasked, once until you are back",
    refused: "The browser allows this page no notifications. Allow them next to the address.",
  },
};

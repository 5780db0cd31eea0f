/** English words for when the page or a part of it has failed. */

export const crash = {
  title: "The page has failed",
  explain:
    "Your conversation is kept on the server. Loading the page anew mends most of this; if it does not, the settings of this browser may be to blame.",
  reload: "Load the page anew",
  reset: "Forget the settings, and load anew",
  part: "This part of the page has failed.",
  again: "Try again",
};

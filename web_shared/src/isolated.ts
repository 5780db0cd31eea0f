/** What fails alone: it is reported, and keeps nothing else from going on. */

/** Do a step of somebody else's; what it throws goes to the console as uncaught. */
export function isolated(step: () => void): void {
  try {
    step();
  } catch (error) {
    reportError(error);
  }
}

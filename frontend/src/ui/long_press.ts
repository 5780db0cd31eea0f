/** A finger that rests on something: what a tap shows comes then, too, and the tap after it is none. */

const PRESS_MS = 450; // before a browser selects a word, at about 500
const MOVED_PX = 10;

export interface LongPress {
  /** The finger went down and up again, and that was no tap. */
  wasPress(): boolean;
  stop(): void;
}

/**
 * Call `pressed` when a finger or a pen has rested on an element. While it is down, `isDown` says so.
 *
 * @param isOurs whether what stands under the finger has no meaning of its own, as links have
 */
export function longPress(
  element: HTMLElement,
  isOurs: (event: PointerEvent) => boolean,
  pressed: () => void,
  isDown: (down: boolean) => void,
): LongPress {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start = { x: 0, y: 0 };
  let hasPressed = false;
  const listening = new AbortController();
  const { signal } = listening;

  function end(): void {
    clearTimeout(timer);
    timer = undefined;
    isDown(false);
  }

  element.addEventListener(
    "pointerdown",
    (event) => {
      hasPressed = false;
      end();
      if (event.pointerType === "mouse" || !event.isPrimary || !isOurs(event)) return;
      start = { x: event.clientX, y: event.clientY };
      isDown(true);
      timer = setTimeout(() => {
        hasPressed = true;
        pressed();
      }, PRESS_MS);
    },
    { signal },
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > MOVED_PX) end();
    },
    { signal },
  );
  for (const name of ["pointerup", "pointercancel", "pointerleave"] as const) {
    element.addEventListener(name, end, { signal });
  }
  element.addEventListener(
    "contextmenu",
    (event) => {
      if (hasPressed || timer !== undefined) event.preventDefault();
    },
    { signal },
  );
  return {
    wasPress: () => hasPressed,
    stop: () => {
      end();
      listening.abort();
    },
  };
}

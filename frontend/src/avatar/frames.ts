/** Calls once a frame, while anybody can see the result. */

/** A longer pause counts as this much, seconds. */
const LONGEST_S = 0.25;

/** Return the window in which an element is: it may be another one than that of the scripts. */
export function viewOf(element: Element): Window & typeof globalThis {
  return (element.ownerDocument.defaultView ?? window) as Window & typeof globalThis;
}

/**
 * Runs from its making until `stop`, except while the page is hidden or `element` out of sight. It
 * belongs to the window in which the element is when it is made.
 */
export class Frames {
  private request: number | null = null;
  private last_ms: number | null = null;
  private inSight = true;
  private readonly view: Window & typeof globalThis;
  private readonly observer: IntersectionObserver;

  constructor(
    element: Element,
    private readonly draw: (dt_s: number) => void,
  ) {
    this.view = viewOf(element);
    this.observer = new this.view.IntersectionObserver((entries) => {
      this.inSight = entries.at(-1)?.isIntersecting ?? true;
      this.update();
    });
    this.observer.observe(element);
    this.view.document.addEventListener("visibilitychange", this.update);
    this.update();
  }

  get running(): boolean {
    return this.request !== null;
  }

  stop(): void {
    this.observer.disconnect();
    this.view.document.removeEventListener("visibilitychange", this.update);
    this.pause();
  }

  private readonly update = (): void => {
    if (this.view.document.hidden || !this.inSight) this.pause();
    else this.request ??= this.view.requestAnimationFrame(this.frame);
  };

  private pause(): void {
    if (this.request !== null) this.view.cancelAnimationFrame(this.request);
    this.request = null;
    this.last_ms = null;
  }

  private readonly frame = (now_ms: number): void => {
    this.request = this.view.requestAnimationFrame(this.frame);
    const dt_s = this.last_ms === null ? 0 : (now_ms - this.last_ms) / 1000;
    this.last_ms = now_ms;
    this.draw(Math.max(0, Math.min(LONGEST_S, dt_s)));
  };
}

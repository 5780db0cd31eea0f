/** Calls once a frame, while anybody can see the result. */

/** A longer pause counts as this much, seconds. */
const LONGEST_S = 0.25;

/** Runs from its making until `stop`, except while the page is hidden or `element` out of sight. */
export class Frames {
  private request: number | null = null;
  private last_ms: number | null = null;
  private inSight = true;
  private readonly observer: IntersectionObserver;

  constructor(
    element: Element,
    private readonly draw: (dt_s: number) => void,
  ) {
    this.observer = new IntersectionObserver((entries) => {
      this.inSight = entries.at(-1)?.isIntersecting ?? true;
      this.update();
    });
    this.observer.observe(element);
    document.addEventListener("visibilitychange", this.update);
    this.update();
  }

  get running(): boolean {
    return this.request !== null;
  }

  stop(): void {
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.update);
    this.pause();
  }

  private readonly update = (): void => {
    if (document.hidden || !this.inSight) this.pause();
    else this.request ??= requestAnimationFrame(this.frame);
  };

  private pause(): void {
    if (this.request !== null) cancelAnimationFrame(this.request);
    this.request = null;
    this.last_ms = null;
  }

  private readonly frame = (now_ms: number): void => {
    this.request = requestAnimationFrame(this.frame);
    const dt_s = this.last_ms === null ? 0 : (now_ms - this.last_ms) / 1000;
    this.last_ms = now_ms;
    this.draw(Math.max(0, Math.min(LONGEST_S, dt_s)));
  };
}

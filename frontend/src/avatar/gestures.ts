/** Moves and scales the avatar by pointer, wheel, pinch and keys. */

import { AT_REST, clamped, moved, zoomed } from "./placing";
import type { Placement } from "./types";

/** As large a move is a drag and no longer a tap; CSS px. */
const SLACK_PX = 6;
const KEY_STEP = 0.04;
const KEY_ZOOM = 1.1;
/** Of a wheel's delta in px; a notch of a mouse is some 100. */
const WHEEL_ZOOM = 0.0015;
const LINE_PX = 16;

export interface StageGestures {
  /** What the next gesture begins with; the caller is not told of it again. */
  set(placement: Placement): void;
  destroy(): void;
}

export interface GestureOptions {
  /** Where she stands now. */
  readonly from?: Placement | undefined;
  /** Whether the wheel scales; true unless said otherwise. */
  readonly wheel?: boolean | undefined;
  /** Where she stands for real at a placement, from which she is moved on; it, unless said otherwise. */
  readonly real?: ((placement: Placement) => Placement) | undefined;
}

/**
 * Listen on `stage`, and say where she should stand after each gesture: dragging moves, the wheel
 * and two fingers scale around where they are, arrow keys move, + and - scale, 0 puts her back.
 *
 * Keys count while the stage itself has the focus; it is made focusable if it is not. A click that
 * ends a drag is kept from all others, so that it is not taken for a tap.
 */
export function stageGestures(
  stage: HTMLElement,
  onPlacement: (placement: Placement) => void,
  options: GestureOptions = {},
): StageGestures {
  const listening = new AbortController();
  const real = options.real ?? ((placement) => placement);
  const gestures = new Gestures(stage, onPlacement, options.from ?? AT_REST, real);
  const signal = listening.signal;
  if (!stage.hasAttribute("tabindex")) stage.tabIndex = 0;
  const touchAction = stage.style.touchAction;
  stage.style.touchAction = "none"; // the browser's own panning would end ours
  stage.addEventListener("pointerdown", gestures.down, { signal });
  stage.addEventListener("pointermove", gestures.move, { signal });
  stage.addEventListener("pointerup", gestures.up, { signal });
  stage.addEventListener("pointercancel", gestures.up, { signal });
  stage.addEventListener("click", gestures.click, { signal, capture: true });
  stage.addEventListener("keydown", gestures.key, { signal });
  if (options.wheel ?? true) {
    stage.addEventListener("wheel", gestures.wheel, { signal, passive: false });
  }
  return {
    set(placement) {
      gestures.placement = clamped(placement);
    },
    destroy() {
      listening.abort();
      stage.style.touchAction = touchAction;
    },
  };
}

class Gestures {
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private travelled_px = 0;

  constructor(
    private readonly stage: HTMLElement,
    private readonly tell: (placement: Placement) => void,
    public placement: Placement,
    private readonly real: (placement: Placement) => Placement,
  ) {}

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    if (this.pointers.size === 0) this.travelled_px = 0;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };

  readonly move = (event: PointerEvent): void => {
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer) return;
    const other = [...this.pointers.values()].find((one) => one !== pointer);
    const from = { ...pointer };
    pointer.x = event.clientX;
    pointer.y = event.clientY;
    this.travelled_px += Math.hypot(pointer.x - from.x, pointer.y - from.y);
    if (this.travelled_px <= SLACK_PX) return;
    // Captured only now: a captured pointer's click would go to the stage, not to what is in it.
    if (!this.stage.hasPointerCapture(event.pointerId)) {
      this.stage.setPointerCapture(event.pointerId);
    }
    if (other) this.pinch(from, pointer, other);
    else this.shift(pointer.x - from.x, pointer.y - from.y);
  };

  readonly up = (event: PointerEvent): void => {
    this.pointers.delete(event.pointerId);
  };

  readonly click = (event: MouseEvent): void => {
    if (this.travelled_px > SLACK_PX && event.detail > 0) event.stopPropagation();
    this.travelled_px = 0;
  };

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const delta_px =
      event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * LINE_PX;
    this.zoom(Math.exp(-delta_px * WHEEL_ZOOM), event.clientX, event.clientY);
  };

  readonly key = (event: KeyboardEvent): void => {
    if (event.target !== this.stage || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = this.afterKey(event.key);
    if (!next) return;
    event.preventDefault();
    this.put(next);
  };

  private afterKey(key: string): Placement | null {
    switch (key) {
      case "ArrowLeft":
        return this.moved(-KEY_STEP, 0);
      case "ArrowRight":
        return this.moved(KEY_STEP, 0);
      case "ArrowUp":
        return this.moved(0, -KEY_STEP);
      case "ArrowDown":
        return this.moved(0, KEY_STEP);
      case "+":
      case "=":
        return zoomed(this.placement, KEY_ZOOM, 0, 0);
      case "-":
        return zoomed(this.placement, 1 / KEY_ZOOM, 0, 0);
      case "0":
        return AT_REST;
      default:
        return null;
    }
  }

  private pinch(
    from: { x: number; y: number },
    to: { x: number; y: number },
    other: { x: number; y: number },
  ): void {
    const before = Math.max(1, Math.hypot(from.x - other.x, from.y - other.y));
    const after = Math.max(1, Math.hypot(to.x - other.x, to.y - other.y));
    this.shift((to.x - from.x) / 2, (to.y - from.y) / 2);
    this.zoom(after / before, (to.x + other.x) / 2, (to.y + other.y) / 2);
  }

  private shift(x_px: number, y_px: number): void {
    const { width, height } = this.stage.getBoundingClientRect();
    if (width > 0 && height > 0) this.put(this.moved(x_px / width, y_px / height));
  }

  /**
   * Where she is when she is moved from where she stands for real, so that no way is lost. Scaling
   * goes on from where she was put: it can be undone by scaling back.
   */
  private moved(x: number, y: number): Placement {
    return this.real(moved(this.real(this.placement), x, y));
  }

  private zoom(factor: number, clientX: number, clientY: number): void {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const [x, y] = [(clientX - left) / width - 0.5, (clientY - top) / height - 0.5];
    this.put(zoomed(this.placement, factor, x, y));
  }

  private put(placement: Placement): void {
    this.placement = placement;
    this.tell(placement);
  }
}

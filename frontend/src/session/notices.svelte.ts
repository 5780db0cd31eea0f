/** Short messages about what failed or was done, some with a button. */

export interface Notice {
  readonly id: number;
  readonly text: string;
  /** Of what it tells: there is one notice of a cause, the newest. "" for what has no other. */
  readonly cause: string;
  /** What is said of it besides, in whatever language; "" for nothing. It can be copied. */
  readonly detail: string;
  readonly tone: "info" | "error";
  /** How often the same thing was said. */
  readonly count: number;
  readonly action: { readonly label: string; readonly run: () => void } | undefined;
  /** Whether it stays until it is dismissed. */
  readonly stays: boolean;
  /** Called once when it is no longer shown, for whatever reason. */
  readonly gone: (() => void) | undefined;
}

type Options = Partial<Pick<Notice, "cause" | "detail" | "tone" | "action" | "gone" | "stays">>;

const MOST = 4;
const INFO_MS = 6000;

export class Notices {
  all = $state<Notice[]>([]);
  #lastId = 0;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /**
   * Show a notice and return its number. One of the same cause is replaced; so is one that says the
   * same, unless there is something to be done about each.
   */
  add(text: string, options: Options = {}): number {
    const { tone = "info", detail = "", cause = "" } = options;
    const same = this.all.find(
      (notice) =>
        notice.tone === tone &&
        (cause
          ? notice.cause === cause
          : notice.text === text && notice.detail === detail && !notice.action && !options.action),
    );
    const id = (this.#lastId += 1);
    const notice: Notice = {
      id,
      text,
      cause,
      detail,
      tone,
      action: options.action,
      gone: options.gone,
      stays: options.stays ?? tone === "error", // until it was read
      count: (same?.count ?? 0) + 1,
    };
    if (same) this.remove(same.id);
    this.all = [...this.all, notice];
    while (this.all.length > MOST) {
      // What goes by itself makes room first.
      const old = this.all.find((one) => !one.stays && one.id !== id) ?? this.all[0];
      if (old) this.remove(old.id);
    }
    this.hold(id, false);
    return id;
  }

  error(text: string, detail = "", cause = ""): number {
    return this.add(text, { tone: "error", detail, cause });
  }

  /** Of this the person is told elsewhere: of a cause, or in these words. */
  removeOf(cause: string): void {
    if (!cause) return;
    const isOf = (one: Notice): boolean => one.cause === cause || one.detail === cause;
    for (const { id } of this.all.filter(isOf)) this.remove(id);
  }

  remove(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const notice = this.all.find((one) => one.id === id);
    this.all = this.all.filter((one) => one.id !== id);
    notice?.gone?.();
  }

  /** While it is pointed at or focused, a notice stays. */
  hold(id: number, held: boolean): void {
    clearTimeout(this.#timers.get(id));
    const notice = this.all.find((one) => one.id === id);
    if (held || !notice || notice.stays) return;
    this.#timers.set(
      id,
      setTimeout(() => this.remove(id), INFO_MS),
    );
  }
}

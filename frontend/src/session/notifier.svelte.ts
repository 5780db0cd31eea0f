/** Tells of her by a notification of the system, when she speaks unasked and the page is hidden. */

import type { Connection } from "./connection.svelte";
import { withoutTags } from "./tags";

const MOST_CHARACTERS = 200;
/** One notification of ours takes the place of the other. */
const TAG = "open-llm-vtuber:unasked";

export class Notifier {
  readonly #isWanted: () => boolean;
  /** Whether what comes next is what she says unasked. */
  #isExpecting = false;
  #shown: Notification | undefined;

  /**
   * @param isWanted whether the person has asked for it
   * @param who returns her name, her picture's address and what her face can do
   */
  constructor(
    connection: Connection,
    isWanted: () => boolean,
    who: () => { name: string; icon: string; emotions: Readonly<Record<string, unknown>> },
  ) {
    this.#isWanted = isWanted;
    connection.on("audio", ({ display_text }) => {
      const { name, icon, emotions } = who();
      const text = withoutTags(display_text.text, emotions).trim();
      if (!this.#isExpecting || !text) return;
      this.#isExpecting = false;
      if (document.hidden) void this.#show(name, text.slice(0, MOST_CHARACTERS), icon);
    });
    connection.on("control", ({ text }) => {
      if (text === "conversation-chain-end") this.#isExpecting = false;
    });
    connection.on("lost", () => (this.#isExpecting = false));
  }

  /** Whether this browser has notifications, for this page. */
  static get isOffered(): boolean {
    return "Notification" in window && isSecureContext;
  }

  /** Ask the browser, which asks the person; returns whether it may. */
  static async ask(): Promise<boolean> {
    return (await Notification.requestPermission()) === "granted";
  }

  /** Whether she may call although the page is hidden. */
  get mayCall(): boolean {
    return this.#isWanted() && Notifier.isOffered && Notification.permission === "granted";
  }

  /** She was asked to say something, of which nobody knows yet. */
  expect(): void {
    this.#isExpecting = this.mayCall;
  }

  /** The person is back. */
  close(): void {
    this.#shown?.close();
    this.#shown = undefined;
    void closeThoseOfTheWorker();
  }

  async #show(name: string, body: string, icon: string): Promise<void> {
    const options = { body, icon, tag: TAG, data: location.href };
    // Telephones show those of a service worker only; it leads back here when it is pressed.
    const worker = await navigator.serviceWorker?.getRegistration();
    if (worker?.active) return worker.showNotification(name, options);
    this.#shown = new Notification(name, options);
    this.#shown.onclick = () => {
      focus();
      this.close();
    };
  }
}

async function closeThoseOfTheWorker(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration();
  const all = (await worker?.getNotifications?.({ tag: TAG })) ?? [];
  for (const one of all) one.close();
}

/** How she is shown besides the page as it is: in a small window, on the whole screen, alone. */

import type { Character } from "./character.svelte";
import type { Connection } from "./connection.svelte";
import { Notifier } from "./notifier.svelte";
import type { Permissions } from "./permissions.svelte";
import { QuietView } from "./quiet_view.svelte";
import type { Settings } from "./settings.svelte";
import { SmallWindow } from "./small_window.svelte";

/** What of the page is asked. */
interface Surroundings {
  readonly connection: Connection;
  readonly settings: Settings;
  readonly character: Character;
  readonly permissions: Pick<Permissions, "now">;
  readonly panel: string | null;
  readonly isAsking: boolean;
  readonly isHidden: boolean;
  readonly draft: string;
}

export class Modes {
  readonly smallWindow = new SmallWindow();
  readonly quiet: QuietView;
  readonly notifier: Notifier;
  isFullscreen = $state(document.fullscreenElement !== null);

  /** Whether she has spoken unasked since the page was hidden: once is enough for an empty room. */
  #hasCalled = $state(false);
  readonly #page: Surroundings;
  readonly #ended = new AbortController();

  constructor(page: Surroundings) {
    this.#page = page;
    this.quiet = new QuietView(
      () => !page.panel && !page.isAsking && !page.permissions.now && page.draft === "",
    );
    this.notifier = new Notifier(
      page.connection,
      () => page.settings.now.notifies,
      () => ({
        name: page.character.name,
        icon: page.character.model?.picture ?? "icon-192.png",
        emotions: page.character.emotions,
      }),
    );
    const { signal } = this.#ended;
    const changed = (): void => void (this.isFullscreen = document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed, { signal });
    const seen = (): void => {
      if (document.hidden) return;
      this.#hasCalled = false;
      this.notifier.close();
    };
    document.addEventListener("visibilitychange", seen, { signal });
  }

  /** Whether the page can have the whole screen. */
  get hasFullscreen(): boolean {
    return document.fullscreenEnabled;
  }

  /** Whether a silence counts: she is seen, or may call whoever is elsewhere. */
  get mayBegin(): boolean {
    if (!this.#page.isHidden || this.smallWindow.opened) return true;
    return this.notifier.mayCall && !this.#hasCalled;
  }

  /** She begins by herself. */
  began(): void {
    if (!document.hidden) return;
    this.#hasCalled = true;
    this.notifier.expect();
  }

  async toggleFullscreen(): Promise<void> {
    if (this.isFullscreen) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  }

  dispose(): void {
    this.#ended.abort();
    this.quiet.turn(false);
    this.smallWindow.close();
  }
}

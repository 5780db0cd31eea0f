/** The small window above all others in which she can stand, where the browser has such windows. */

interface SmallWindows {
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

const SIZE = { width: 340, height: 460 };

export class SmallWindow {
  /** The window while it is open. */
  opened = $state.raw<Window | null>(null);

  /** Whether this browser has such windows. */
  get isOffered(): boolean {
    return "documentPictureInPicture" in window;
  }

  /** Open it; called by a press, without which browsers refuse. Rejects as the browser does. */
  async open(): Promise<void> {
    if (this.opened) return this.close();
    const { documentPictureInPicture } = window as unknown as {
      documentPictureInPicture: SmallWindows;
    };
    const opened = await documentPictureInPicture.requestWindow(SIZE);
    opened.addEventListener("pagehide", () => {
      if (this.opened === opened) this.opened = null;
    });
    this.opened = opened;
  }

  close(): void {
    this.opened?.close();
    this.opened = null;
  }
}

/** Have a document look like that of the page, as it is now. */
export function dress(target: Document): void {
  const { documentElement } = document;
  target.documentElement.lang = documentElement.lang;
  target.documentElement.dataset["theme"] = documentElement.dataset["theme"] ?? "auto";
  target.title = document.title;
  for (const link of document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")) {
    const copy = target.createElement("link");
    copy.rel = "stylesheet";
    copy.href = link.href;
    target.head.append(copy);
  }
}

/** Pictures from files, the clipboard, or a drop, into the next message. */

import { MOST_PICTURES } from "../session/vision_sources.svelte";
import type { Page } from "../session/page.svelte";

/** Add what can be read; say what cannot. */
export async function addPictures(
  page: Page,
  files: Iterable<File>,
  source: "clipboard" | "upload",
): Promise<void> {
  const words = page.words.conversation;
  for (const file of files) {
    if (page.vision.pictures.length >= MOST_PICTURES) {
      page.notices.error(words.tooManyPictures(MOST_PICTURES));
      return;
    }
    try {
      await page.vision.add(file, source);
    } catch {
      page.notices.error(words.notAPicture(file.name));
    }
  }
}

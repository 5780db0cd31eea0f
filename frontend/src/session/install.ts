/** Makes the page one that can be installed; what the service worker does stands in its own file. */

import { serverRoot } from "@open-llm-vtuber/shared/access";

/** Register the service worker where there may be one: not on an overlay, nor while developing. */
export async function registerWorker(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return; // it needs a secure page
  const root = serverRoot();
  try {
    await navigator.serviceWorker.register(new URL("service_worker.js", root), {
      scope: root.href,
      type: "module",
      updateViaCache: "none",
    });
  } catch (error) {
    console.warn(
      "The page cannot be installed, and needs its server to say why it is away.",
      error,
    );
  }
}

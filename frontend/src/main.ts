/** Starts the page, or the overlay of a stream where the address asks for one. */

import { start } from "@open-llm-vtuber/shared/start";
import "@open-llm-vtuber/shared/ui/theme.css";

import { registerWorker } from "./session/install";
import { overlayMode } from "./session/overlay_mode";
import App from "./ui/App.svelte";
import "./ui/overlay/overlay.css";

const overlay = overlayMode(location.search);
if (overlay) {
  document.documentElement.dataset["overlay"] = "";
  const { default: Overlay } = await import("./ui/overlay/Overlay.svelte");
  start(Overlay, { mode: overlay });
} else {
  start(App);
  void registerWorker();
}

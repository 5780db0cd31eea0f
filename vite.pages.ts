/** How each page is built into its dist/: hashed files, no inline script or style, for the CSP. */

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type BuildOptions } from "vite";

const SERVER = "http://localhost:12393";

export const BUILD: BuildOptions = {
  target: "es2022",
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  chunkSizeWarningLimit: 1200, // the Live2D renderer, which is fetched only when it is wanted
};

export default defineConfig({
  base: "./",
  plugins: [svelte()],
  build: BUILD,
  server: {
    proxy: Object.fromEntries(
      ["/live2d-models", "/live2d-core", "/bg", "/avatars", "/cache", "/asr", "/health"]
        .map((path): [string, object] => [path, { target: SERVER }])
        .concat(["/client-ws", "/tts-ws"].map((path) => [path, { target: SERVER, ws: true }])),
    ),
  },
});

/** How the pages' own tests are run: runes are compiled as they are in the browser. */

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ["browser"] },
  test: {
    pool: "threads", // a process for each file takes a quarter longer
    unstubGlobals: true,
    restoreMocks: true,
    testTimeout: 60_000, // on a busy machine a test that computes takes long; only one that hangs fails
  },
});

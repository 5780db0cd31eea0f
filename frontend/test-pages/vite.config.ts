/** How the pages of the tests are built: as the product's page is. */

import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: "frontend/test-pages/avatar.html" },
  },
});

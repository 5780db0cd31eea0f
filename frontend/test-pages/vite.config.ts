/** How the pages of the tests are built: as the product's page is. */

import { defineConfig } from "vite";

import { BUILD } from "../../vite.pages";

export default defineConfig({
  base: "./",
  build: { ...BUILD, rolldownOptions: { input: "frontend/test-pages/avatar.html" } },
});

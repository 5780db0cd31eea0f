/** How the pages of the tests are built: as the product's page is, under the same policy. */

import { readFileSync } from "node:fs";

import { defineConfig, type Plugin } from "vite";

/** Put the product's Content-Security-Policy into the page. */
function samePolicy(): Plugin {
  const product = readFileSync(new URL("../index.html", import.meta.url), "utf-8");
  const policy = /<meta\s+http-equiv="Content-Security-Policy"[^>]*>/.exec(product)?.[0];
  if (policy === undefined) throw new Error("frontend/index.html has no policy any more.");
  return {
    name: "same-policy",
    transformIndexHtml: (html) => html.replace("<!-- policy -->", policy),
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [samePolicy()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: "avatar.html" },
  },
});

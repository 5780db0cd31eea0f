/** How this page is built: as all pages are, and with a service worker, whose name never changes. */

import { mergeConfig } from "vite";

import pages from "../vite.pages";

export default mergeConfig(pages, {
  build: {
    rolldownOptions: {
      input: { index: "index.html", service_worker: "src/worker/service_worker.ts" },
      output: {
        entryFileNames: ({ name }: { name: string }) =>
          name === "service_worker" ? "[name].js" : "assets/[name]-[hash].js",
      },
    },
  },
});

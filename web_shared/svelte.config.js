/** How Svelte compiles what the pages share: as all pages are. */
export { default } from "../svelte.config.js";

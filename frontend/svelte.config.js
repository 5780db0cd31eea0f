/** How Svelte compiles this page: as all pages are. */
export { default } from "../svelte.config.js";

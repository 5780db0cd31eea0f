/** How this page is built: as all pages are. */

export { default } from "../vite.pages";

/** Starts a page. */

import { mount, type Component } from "svelte";

import Root from "./ui/Root.svelte";

/** Put a page into the document; if it fails, why stands in its place. */
export function start<P extends Record<string, unknown>>(page: Component<P>, props?: P): void {
  const target = document.getElementById("app");
  if (!target) throw new Error("The page has no element called app.");
  mount(Root, { target, props: { page: page as Component<Record<string, unknown>>, props } });
}

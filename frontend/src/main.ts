/** Starts the page. */

import { mount } from "svelte";

import Root from "./ui/Root.svelte";
import "./ui/theme.css";

const target = document.getElementById("app");
if (!target) throw new Error("The page has no element called app.");
mount(Root, { target });

/** Starts the page that tests ASR and TTS. */

import { mount } from "svelte";

import "../../frontend/src/ui/theme.css";
import "./tool.css";
import Root from "./Root.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("The page has no element called app.");
mount(Root, { target });

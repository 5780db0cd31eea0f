/** Starts the page that tests ASR and TTS. */

import { mount } from "svelte";

import "../../frontend/src/ui/theme.css";
import "./tool.css";
import Tool from "./Tool.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("The page has no element called app.");
mount(Tool, { target });

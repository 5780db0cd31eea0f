/** Starts the page that tests ASR and TTS. */

import { start } from "@open-llm-vtuber/shared/start";
import "@open-llm-vtuber/shared/ui/theme.css";

import "./tool.css";
import Tool from "./Tool.svelte";

start(Tool);

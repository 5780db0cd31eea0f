/** Starts the page. */

import { start } from "@open-llm-vtuber/shared/start";
import "@open-llm-vtuber/shared/ui/theme.css";

import App from "./ui/App.svelte";

start(App);

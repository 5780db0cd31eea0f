/** Times and factors as people read them. */

import { decimal, duration as durationOf } from "@open-llm-vtuber/shared/i18n/format";

import { preferences } from "./preferences.svelte";

function fixed(value: number, digits: number): string {
  return decimal(value, digits, preferences.language);
}

/** "840 ms", "2.31 s". */
export function duration(ms: number): string {
  return durationOf(ms, preferences.language);
}

/** "4.2 s". */
export function seconds(length_s: number, digits = 1): string {
  return `${fixed(length_s, digits)}\u00a0s`;
}

/** "1:04.2": the time of a recorder or a player. */
export function clock(time_s: number): string {
  const tenths = Math.floor(time_s * 10 + 1e-6);
  const minutes = Math.floor(tenths / 600);
  const rest = (tenths % 600) / 10;
  return `${minutes}:${rest < 10 ? "0" : ""}${rest.toFixed(1)}`;
}

/** How much time one second of sound takes, and how fast that is. */
export function realTimeFactor(took_s: number, length_s: number): { factor: string; says: string } {
  const factor = took_s / length_s;
  const speed = length_s / took_s;
  return {
    factor: fixed(factor, factor < 0.1 ? 3 : 2),
    says: preferences.words.timesRealTime(fixed(speed, speed < 10 ? 1 : 0)),
  };
}

/** "1,204". */
export function count(value: number): string {
  return value.toLocaleString(preferences.language);
}

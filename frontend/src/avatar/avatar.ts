/** What the page knows of an avatar, however it is drawn. */

export interface Mouth {
  open: number;
  wide: number;
  round: number;
}
export type Mood = "idle" | "listening" | "thinking" | "speaking";
export interface Placement {
  scale: number;
  x: number;
  y: number;
}
export interface Avatar {
  readonly kind: "rig" | "live2d" | "picture";
  readonly expressions: readonly string[];
  readonly motions: readonly string[];
  express(expression: string | number | null): void;
  move(group: string, index?: number): void;
  feel(mood: Mood): void;
  lookAt(x: number, y: number): void;
  lookAhead(): void;
  setMouth(source: (() => Mouth) | null): void;
  tap(x: number, y: number): string[];
  place(placement: Placement): void;
  destroy(): void;
}
export interface ModelInfo {
  url: string;
  name?: string;
  rig?: string;
  picture?: string;
}

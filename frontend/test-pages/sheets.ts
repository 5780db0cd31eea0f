/** Sheets of pictures of a rig that are always the same: poses, expressions, and moments of life. */

import { Animator } from "../src/avatar/animator";
import { AT_REST } from "../src/avatar/placing";
import { seeded } from "../src/avatar/random";
import { loadRigFiles, type RigFiles } from "../src/avatar/rig_files";
import { RigView } from "../src/avatar/rig_view";
import type { Mood } from "../src/avatar/types";

const CELL = { width: 150, height: 200 };
/** Shows the face alone. */
const CLOSE = { scale: 2.4, x: 0, y: 0.42 };
/** Behind her, so that the pictures are opaque. */
const GROUND = "#dfe3f5";
const SEED = 11;
const FRAME_S = 1 / 60;

interface Cell {
  readonly label: string;
  /** Values of parameters, by id, over everything else. */
  readonly pose?: Readonly<Record<string, number>>;
  readonly expression?: string;
  /** Whether to show the face alone. */
  readonly close?: boolean;
  /** Seconds of life, in a mood, after which the picture is taken. */
  readonly life?: readonly [mood: Mood, time_s: number, motion?: string];
}

const POSES: readonly Cell[] = [
  { label: "at rest" },
  { label: "left", pose: { ParamAngleX: -30, ParamEyeBallX: -1 } },
  { label: "right", pose: { ParamAngleX: 30, ParamEyeBallX: 1 } },
  { label: "up", pose: { ParamAngleY: 30, ParamEyeBallY: 1 } },
  { label: "down", pose: { ParamAngleY: -30, ParamEyeBallY: -1 } },
  { label: "corner", pose: { ParamAngleX: 20, ParamAngleY: 20, ParamAngleZ: 15 } },
  { label: "tilted", pose: { ParamAngleZ: -30, ParamBodyAngleZ: -10 } },
  { label: "leaning", pose: { ParamBodyAngleX: 10, ParamBodyAngleZ: 10, ParamBreath: 1 } },
  { label: "half shut", close: true, pose: { ParamEyeLOpen: 0.5, ParamEyeROpen: 0.5 } },
  { label: "shut", close: true, pose: { ParamEyeLOpen: 0, ParamEyeROpen: 0 } },
  { label: "A", close: true, pose: { ParamMouthOpenY: 1 } },
  { label: "I", close: true, pose: { ParamMouthOpenY: 0.3, ParamMouthForm: 1 } },
  { label: "U", close: true, pose: { ParamMouthOpenY: 0.3, ParamMouthRound: 1 } },
  { label: "E", close: true, pose: { ParamMouthOpenY: 0.6, ParamMouthForm: 0.6 } },
  { label: "O", close: true, pose: { ParamMouthOpenY: 0.7, ParamMouthRound: 0.8 } },
];

const EXPRESSIONS: readonly Cell[] = [
  "neutral",
  "joy",
  "laughter",
  "sadness",
  "anger",
  "surprise",
  "fear",
  "shyness",
  "smugness",
  "thinking",
].map((expression) => ({ label: expression, expression }));

const LIFE: readonly Cell[] = [
  { label: "idle, 2 s", life: ["idle", 2] },
  { label: "idle, 5 s", life: ["idle", 5] },
  { label: "listening", life: ["listening", 3] },
  { label: "thinking", life: ["thinking", 3] },
  { label: "speaking", life: ["speaking", 3] },
  { label: "greeting", life: ["idle", 0.8, "Greeting"] },
  { label: "tapped on the head", life: ["idle", 0.6, "TapHead"] },
  { label: "tapped on the body", life: ["idle", 0.6, "TapBody"] },
];

interface Sheet {
  readonly cells: readonly Cell[];
  readonly labels: readonly string[];
  readonly columns: number;
}

function sheetOf(cells: readonly Cell[], columns: number): Sheet {
  return { cells, labels: cells.map((cell) => cell.label), columns };
}

export const SHEETS: Readonly<Record<string, Sheet>> = {
  poses: sheetOf(POSES, 5),
  expressions: sheetOf(EXPRESSIONS, 5),
  life: sheetOf(LIFE, 4),
};

/** Draw a sheet of the rig at an address. */
export async function drawSheet(name: string, rig: string): Promise<HTMLCanvasElement> {
  const sheet = SHEETS[name];
  if (!sheet) throw new Error(`There is no sheet called ${name}.`);
  const files = await loadRigFiles(rig);
  const canvas = document.createElement("canvas");
  canvas.width = CELL.width * sheet.columns;
  canvas.height = CELL.height * Math.ceil(sheet.cells.length / sheet.columns);
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  if (!paper) throw new Error("There is no paper.");
  paper.fillStyle = GROUND;
  paper.fillRect(0, 0, canvas.width, canvas.height);
  const stage = document.createElement("div");
  stage.style.width = `${CELL.width}px`;
  stage.style.height = `${CELL.height}px`;
  document.body.append(stage);
  const view = new RigView(stage, files, { url: rig });
  sheet.cells.forEach((cell, i) => {
    view.put(cell.close ? CLOSE : AT_REST);
    view.draw(valuesOf(cell, files));
    const [column, row] = [i % sheet.columns, Math.floor(i / sheet.columns)];
    const place = [column * CELL.width, row * CELL.height, CELL.width, CELL.height] as const;
    paper.drawImage(view.canvas, ...place); // in the same task as it was drawn
  });
  view.destroy();
  stage.remove();
  return canvas;
}

function valuesOf(cell: Cell, { rig }: RigFiles): Float32Array {
  const animator = new Animator(rig, {
    random: seeded(SEED),
    reducedMotion: false,
    idleGroup: "Idle",
    defaultExpression: 0,
  });
  const { parameters, expressions } = animator;
  const [mood, time_s, motion] = cell.life ?? ["idle", 0];
  animator.feel(mood);
  if (motion !== undefined) animator.move(motion);
  let now_s = 0;
  if (mood === "speaking") {
    animator.setMouth(() => ({ open: 0.5 + 0.5 * Math.sin(20 * now_s), wide: 0.3, round: 0 }));
  }
  for (; now_s < time_s; now_s += FRAME_S) animator.step(FRAME_S);
  if (cell.expression !== undefined) {
    expressions.want(cell.expression);
    expressions.step(60);
    expressions.apply(parameters);
  }
  for (const [id, value] of Object.entries(cell.pose ?? {})) {
    parameters.set(parameters.index(id), value);
  }
  parameters.clampAll();
  return parameters.values;
}

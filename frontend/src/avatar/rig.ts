/** The open rig file, version 1: what a drawn character is made of, and how she can move. */

/** The parameters that a part's shape depends on, and the values its shapes were drawn at. */
export type Axis = readonly [parameter: number, keys: readonly number[]];

export interface Parameter {
  readonly id: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** A grid that bends what lies in it. */
export interface Warp {
  readonly id: string;
  /** Index of an earlier warp; -1 is the canvas. */
  readonly parent: number;
  readonly rows: number;
  readonly columns: number;
  readonly axes: readonly Axis[];
  /**
   * (rows + 1) * (columns + 1) points, row by row, for each combination of the axes' keys, the
   * first axis varying fastest; in canvas px under -1, else 0..1 within the parent at rest.
   */
  readonly keys: readonly (readonly number[])[];
}

/** Triangles that carry a piece of a texture. */
export interface Mesh {
  readonly id: string;
  readonly parent: number;
  readonly texture: number;
  readonly axes: readonly Axis[];
  readonly uvs: readonly number[];
  readonly triangles: readonly number[];
  readonly keys: readonly (readonly number[])[];
  readonly opacities: readonly number[];
  /** Indices of the meshes outside of which this one is not seen; none is everywhere. */
  readonly masks: readonly number[];
  /** Drawn ascending; equals by index. */
  readonly order: number;
}

export type Blend = "add" | "multiply" | "overwrite";

export interface Expression {
  readonly name: string;
  readonly fade_s: number;
  readonly parameters: readonly {
    readonly id: string;
    readonly value: number;
    readonly blend: Blend;
  }[];
}

export interface Motion {
  readonly duration_s: number;
  readonly loop: boolean;
  readonly fadeIn_s: number;
  readonly fadeOut_s: number;
  readonly curves: readonly {
    readonly id: string;
    readonly keys: readonly (readonly [time_s: number, value: number])[];
  }[];
}

/** A damped spring that follows its inputs late and moves its outputs. */
export interface Pendulum {
  readonly name: string;
  readonly inputs: readonly { readonly id: string; readonly weight: number }[];
  readonly outputs: readonly { readonly id: string; readonly scale: number }[];
  readonly frequency_hz: number;
  /** Damping ratio, 0..1. */
  readonly damping: number;
}

export interface Rig {
  readonly version: 1;
  readonly name: string;
  /** Of the canvas, px; y goes down. */
  readonly width: number;
  readonly height: number;
  /** File names beside the rig; not premultiplied. */
  readonly textures: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly warps: readonly Warp[];
  readonly meshes: readonly Mesh[];
  readonly hitAreas: readonly { readonly name: string; readonly mesh: number }[];
  readonly expressions: readonly Expression[];
  readonly motions: Readonly<Record<string, readonly Motion[]>>;
  readonly physics: readonly Pendulum[];
  /** Ids of the parameters that the voice moves. */
  readonly lipSync: { readonly open: string; readonly form: string; readonly round: string };
}

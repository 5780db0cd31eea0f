/** Where every point of a rig is, given the values of its parameters. */

import { Keyforms } from "./keyforms";
import type { Mesh, Rig, Warp } from "./rig";

/** A warp or a mesh at work: its shape by itself, and its shape in canvas px. */
interface Part {
  readonly keyforms: Keyforms;
  readonly parent: number;
  /** As its axes alone make it. */
  readonly local: Float32Array;
  /** After all warps above it; the same array as `local` where there are none. */
  readonly placed: Float32Array;
  /** Whether `placed` differs from that of the last evaluation. */
  moved: boolean;
}

/**
 * Computes all points without allocating. Parts whose parameters and parents have not changed are
 * left as they are.
 */
export class Evaluator {
  /** x, y of all points of all meshes, one mesh after another, in canvas px. */
  readonly positions: Float32Array;
  /** Where each mesh begins in `positions`, counted in points; one more at the end. */
  readonly starts: Int32Array;
  /** Of each mesh. */
  readonly opacities: Float32Array;
  /** Whether any position, and any opacity, differs from the evaluation before. */
  moved = true;
  faded = true;

  private readonly warps: readonly Part[];
  private readonly meshes: readonly Part[];
  private readonly shades: readonly Float32Array[];

  constructor(private readonly rig: Rig) {
    const ranges = Float32Array.from(rig.parameters, (one) => one.max - one.min);
    this.starts = new Int32Array(rig.meshes.length + 1);
    rig.meshes.forEach((mesh, i) => {
      this.starts[i + 1] = (this.starts[i] as number) + mesh.uvs.length / 2;
    });
    this.positions = new Float32Array(2 * (this.starts[rig.meshes.length] as number));
    this.opacities = new Float32Array(rig.meshes.length);
    this.shades = rig.meshes.map((mesh) => Float32Array.from(mesh.opacities));
    this.warps = rig.warps.map((warp) => {
      return part(warp, ranges, new Float32Array((warp.rows + 1) * (warp.columns + 1) * 2));
    });
    this.meshes = rig.meshes.map((mesh, i) => {
      const [from, to] = [this.starts[i] as number, this.starts[i + 1] as number];
      return part(mesh, ranges, this.positions.subarray(2 * from, 2 * to));
    });
  }

  /** Take the values of all parameters, by index. */
  evaluate(values: Float32Array): void {
    for (const warp of this.warps) this.update(warp, values);
    this.moved = false;
    this.faded = false;
    for (let i = 0; i < this.meshes.length; i++) {
      const mesh = this.meshes[i] as Part;
      const changed = this.update(mesh, values);
      this.moved ||= mesh.moved;
      if (!changed) continue;
      const opacity = Math.fround(mesh.keyforms.mean(this.shades[i] as Float32Array));
      if (opacity !== this.opacities[i]) {
        this.opacities[i] = opacity;
        this.faded = true;
      }
    }
  }

  /** Whether a point in canvas px lies in a mesh. */
  contains(mesh: number, x: number, y: number): boolean {
    const triangles = (this.rig.meshes[mesh] as Mesh).triangles;
    const points = (this.meshes[mesh] as Part).placed;
    for (let i = 0; i < triangles.length; i += 3) {
      const a = 2 * (triangles[i] as number);
      const b = 2 * (triangles[i + 1] as number);
      const c = 2 * (triangles[i + 2] as number);
      const ab = side(points, a, b, x, y);
      const bc = side(points, b, c, x, y);
      const ca = side(points, c, a, x, y);
      if ((ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0)) return true;
    }
    return false;
  }

  /** Return the mean of a mesh's points, in canvas px. */
  middle(mesh: number): readonly [number, number] {
    const points = (this.meshes[mesh] as Part).placed;
    let [x, y] = [0, 0];
    for (let n = 0; n < points.length; n += 2) {
      x += points[n] as number;
      y += points[n + 1] as number;
    }
    return [(2 * x) / points.length, (2 * y) / points.length];
  }

  /** Bring a part up to date; return whether its own parameters changed. */
  private update(one: Part, values: Float32Array): boolean {
    const changed = one.keyforms.locate(values);
    if (changed) one.keyforms.blend(one.local);
    one.moved = changed;
    if (one.parent >= 0) {
      const parent = this.warps[one.parent] as Part;
      one.moved ||= parent.moved;
      if (one.moved) {
        through(this.rig.warps[one.parent] as Warp, parent.placed, one.local, one.placed);
      }
    }
    return changed;
  }
}

function part(of: Warp | Mesh, ranges: Float32Array, placed: Float32Array): Part {
  const local = of.parent < 0 ? placed : new Float32Array(placed.length);
  return {
    keyforms: new Keyforms(of.axes, of.keys, ranges),
    parent: of.parent,
    local,
    placed,
    moved: true,
  };
}

/**
 * Carry points from a warp's rest rectangle (0..1) to where its grid is: bilinear within each cell;
 * a point beyond the edge continues the cell at the edge.
 */
function through(warp: Warp, grid: Float32Array, points: Float32Array, out: Float32Array): void {
  const { rows, columns } = warp;
  const line = 2 * (columns + 1);
  for (let n = 0; n < points.length; n += 2) {
    let u = (points[n] as number) * columns;
    let v = (points[n + 1] as number) * rows;
    const column = Math.max(0, Math.min(columns - 1, Math.floor(u)));
    const row = Math.max(0, Math.min(rows - 1, Math.floor(v)));
    u -= column;
    v -= row;
    const top = row * line + 2 * column;
    const bottom = top + line;
    const topLeft = (1 - u) * (1 - v);
    const topRight = u * (1 - v);
    const bottomLeft = (1 - u) * v;
    const bottomRight = u * v;
    for (let xy = 0; xy < 2; xy++) {
      out[n + xy] =
        (grid[top + xy] as number) * topLeft +
        (grid[top + 2 + xy] as number) * topRight +
        (grid[bottom + xy] as number) * bottomLeft +
        (grid[bottom + 2 + xy] as number) * bottomRight;
    }
  }
}

/** On which side of the line from point a to point b does (x, y) lie? Positive, negative, or 0. */
function side(points: Float32Array, a: number, b: number, x: number, y: number): number {
  const ax = points[a] as number;
  const ay = points[a + 1] as number;
  return ((points[b] as number) - ax) * (y - ay) - ((points[b + 1] as number) - ay) * (x - ax);
}

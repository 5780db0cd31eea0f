/** Draws the points of an Evaluator with WebGL. */

import { AvatarError } from "./errors";
import type { Evaluator } from "./evaluator";
import type { Mesh, Rig } from "./rig";
import { contextOf, isWebGL2, programOf, textureOf, type GL } from "./webgl";

// `place` maps canvas px to clip space: scale in xy, offset in zw. A little sharper a mipmap than
// the hardware would take keeps thin lines.
const VERTEX = `
attribute vec2 position;
attribute vec2 uv;
attribute float opacity;
uniform vec4 place;
varying vec2 where;
varying float shade;
void main() {
  where = uv;
  shade = opacity;
  gl_Position = vec4(position * place.xy + place.zw, 0.0, 1.0);
}`;
const FRAGMENT = `
precision mediump float;
uniform sampler2D image;
uniform float mask;
uniform float threshold;
varying vec2 where;
varying float shade;
void main() {
  vec4 colour = texture2D(image, where, -0.5);
  if (mask > 0.5) {
    if (colour.a < threshold) discard;
    gl_FragColor = colour;
  } else {
    gl_FragColor = colour * shade;
  }
}`;

const MOST_STENCILS = 255;

/** Everything that lives in the graphics card, and dies with its context. */
interface Resources {
  readonly program: WebGLProgram;
  readonly positions: WebGLBuffer;
  readonly opacities: WebGLBuffer;
  readonly place: WebGLUniformLocation | null;
  readonly mask: WebGLUniformLocation | null;
  readonly textures: readonly WebGLTexture[];
}

/**
 * Meshes that follow one another in the drawing order are drawn by one call, where they share a
 * texture and have no masks: the indices lie in drawing order, and opacity belongs to the points.
 * A mask is drawn into the stencil, by a number of its own, once for neighbours that share it.
 */
export class Renderer {
  private readonly gl: GL;
  private resources: Resources | null;
  private readonly order: readonly number[];
  /** Of each mesh: where its indices begin, and how many there are. */
  private readonly firsts: Int32Array;
  private readonly counts: Int32Array;
  /** A number for each set of masks; 0 is none. */
  private readonly maskSets: Int32Array;
  private readonly shades: Float32Array;
  private readonly wide: boolean;

  /** Throws AvatarError where the browser gives no context, because it has given too many. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly rig: Rig,
    private readonly evaluator: Evaluator,
    private readonly images: readonly HTMLImageElement[],
  ) {
    const gl = contextOf(canvas);
    if (!gl) throw new AvatarError("The browser does not let the character be drawn now.");
    this.gl = gl;
    const meshes = rig.meshes;
    this.order = meshes
      .map((_, index) => index)
      .sort((a, b) => (meshes[a] as Mesh).order - (meshes[b] as Mesh).order || a - b);
    this.firsts = new Int32Array(meshes.length);
    this.counts = Int32Array.from(meshes, (mesh) => mesh.triangles.length);
    const sets: string[] = [""];
    this.maskSets = Int32Array.from(meshes, (mesh) => {
      const key = mesh.masks.join();
      if (!sets.includes(key)) sets.push(key);
      return sets.indexOf(key);
    });
    const points = evaluator.positions.length / 2;
    this.shades = new Float32Array(points);
    this.wide = points > 0xffff;
    this.resources = this.prepare();
    canvas.addEventListener("webglcontextlost", this.onLost);
    canvas.addEventListener("webglcontextrestored", this.onRestored);
  }

  /** Whether the context is there; after a loss the browser gives it back when it can. */
  get ready(): boolean {
    return this.resources !== null;
  }

  destroy(): void {
    this.canvas.removeEventListener("webglcontextlost", this.onLost);
    this.canvas.removeEventListener("webglcontextrestored", this.onRestored);
    this.resources = null;
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** Draw what the evaluator holds; from there to the canvas' pixels: x * scale + x0, likewise y. */
  draw(scale: number, x0: number, y0: number): void {
    const { gl, resources, canvas } = this;
    if (!resources) return;
    this.upload(resources);
    const [width, height] = [canvas.width, canvas.height];
    gl.viewport(0, 0, width, height);
    gl.uniform4f(
      resources.place,
      (2 * scale) / width,
      (-2 * scale) / height,
      (2 * x0) / width - 1,
      1 - (2 * y0) / height,
    );
    gl.clear(gl.COLOR_BUFFER_BIT | gl.STENCIL_BUFFER_BIT);
    let stencil = 0;
    let set = 0;
    let at = 0;
    while (at < this.order.length) {
      const mesh = this.order[at] as number;
      if ((this.evaluator.opacities[mesh] as number) <= 0) {
        at++;
        continue;
      }
      const wanted = this.maskSets[mesh] as number;
      if (wanted !== set) {
        set = wanted;
        if (set === 0) gl.disable(gl.STENCIL_TEST);
        else stencil = this.drawMasks(mesh, stencil);
      }
      at = this.drawRun(at);
    }
    if (set !== 0) gl.disable(gl.STENCIL_TEST);
  }

  /** Draw the mesh at a place of the order, with those after it that go along; return what's next. */
  private drawRun(at: number): number {
    const first = this.order[at] as number;
    let count = this.counts[first] as number;
    let next = at + 1;
    for (; next < this.order.length; next++) {
      const mesh = this.order[next] as number;
      const along =
        this.maskSets[mesh] === this.maskSets[first] &&
        (this.rig.meshes[mesh] as Mesh).texture === (this.rig.meshes[first] as Mesh).texture &&
        (this.evaluator.opacities[mesh] as number) > 0;
      if (!along) break;
      count += this.counts[mesh] as number;
    }
    this.drawIndices(first, count);
    return next;
  }

  /** Put the shape of a mesh's masks into the stencil, and let only that be drawn to. */
  private drawMasks(mesh: number, used: number): number {
    const { gl, resources } = this;
    let stencil = used + 1;
    gl.enable(gl.STENCIL_TEST);
    if (stencil > MOST_STENCILS) {
      gl.clear(gl.STENCIL_BUFFER_BIT);
      stencil = 1;
    }
    gl.colorMask(false, false, false, false);
    gl.stencilFunc(gl.ALWAYS, stencil, 0xff);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.REPLACE);
    gl.uniform1f(resources?.mask ?? null, 1);
    // Makes the mask's edge as smooth as its picture, where the canvas has several samples.
    gl.enable(gl.SAMPLE_ALPHA_TO_COVERAGE);
    for (const mask of (this.rig.meshes[mesh] as Mesh).masks) {
      this.drawIndices(mask, this.counts[mask] as number);
    }
    gl.disable(gl.SAMPLE_ALPHA_TO_COVERAGE);
    gl.uniform1f(resources?.mask ?? null, 0);
    gl.colorMask(true, true, true, true);
    gl.stencilFunc(gl.EQUAL, stencil, 0xff);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.KEEP);
    return stencil;
  }

  private drawIndices(mesh: number, count: number): void {
    const { gl, resources } = this;
    const texture = resources?.textures[(this.rig.meshes[mesh] as Mesh).texture] ?? null;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    const [type, size] = this.wide ? [gl.UNSIGNED_INT, 4] : [gl.UNSIGNED_SHORT, 2];
    gl.drawElements(gl.TRIANGLES, count, type, (this.firsts[mesh] as number) * size);
  }

  private upload(resources: Resources): void {
    const { gl, evaluator } = this;
    if (evaluator.faded) {
      for (let i = 0; i < this.rig.meshes.length; i++) {
        const [from, to] = [evaluator.starts[i], evaluator.starts[i + 1]];
        this.shades.fill(evaluator.opacities[i] as number, from, to);
      }
      gl.bindBuffer(gl.ARRAY_BUFFER, resources.opacities);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.shades);
    }
    if (evaluator.moved) {
      gl.bindBuffer(gl.ARRAY_BUFFER, resources.positions);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, evaluator.positions);
    }
  }

  /** Make everything anew, with what the evaluator holds; null while the context is lost. */
  private prepare(): Resources | null {
    const { gl, evaluator, rig } = this;
    if (gl.isContextLost()) return null;
    if (this.wide && !isWebGL2(gl)) gl.getExtension("OES_element_index_uint");
    const program = programOf(gl, VERTEX, FRAGMENT);
    gl.useProgram(program);
    const uvs = Float32Array.from(rig.meshes.flatMap((mesh) => mesh.uvs));
    buffer(gl, gl.ELEMENT_ARRAY_BUFFER, this.indices(), gl.STATIC_DRAW);
    attribute(gl, program, "uv", 2, uvs, gl.STATIC_DRAW);
    rig.meshes.forEach((_, i) => {
      const [from, to] = [evaluator.starts[i], evaluator.starts[i + 1]];
      this.shades.fill(evaluator.opacities[i] as number, from, to);
    });
    const opacities = attribute(gl, program, "opacity", 1, this.shades, gl.DYNAMIC_DRAW);
    const positions = attribute(gl, program, "position", 2, evaluator.positions, gl.DYNAMIC_DRAW);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.clearColor(0, 0, 0, 0);
    const smooth = (gl.getParameter(gl.SAMPLES) as number) > 1;
    gl.uniform1f(gl.getUniformLocation(program, "threshold"), smooth ? 1 / 255 : 0.5);
    return {
      program,
      positions,
      opacities,
      place: gl.getUniformLocation(program, "place"),
      mask: gl.getUniformLocation(program, "mask"),
      textures: this.images.map((image) => textureOf(gl, image)),
    };
  }

  private indices(): Uint16Array | Uint32Array {
    const all: number[] = [];
    for (const mesh of this.order) {
      this.firsts[mesh] = all.length;
      const start = this.evaluator.starts[mesh] as number;
      for (const index of (this.rig.meshes[mesh] as Mesh).triangles) all.push(start + index);
    }
    return this.wide ? Uint32Array.from(all) : Uint16Array.from(all);
  }

  private readonly onLost = (event: Event): void => {
    event.preventDefault(); // otherwise the browser never restores it
    this.resources = null;
  };

  private readonly onRestored = (): void => {
    this.resources = this.prepare();
  };
}

function buffer(gl: GL, target: number, data: ArrayBufferView, usage: number): WebGLBuffer {
  const made = gl.createBuffer();
  gl.bindBuffer(target, made);
  gl.bufferData(target, data as ArrayBufferView<ArrayBuffer>, usage);
  return made;
}

function attribute(
  gl: GL,
  program: WebGLProgram,
  name: string,
  size: number,
  data: Float32Array,
  usage: number,
): WebGLBuffer {
  const made = buffer(gl, gl.ARRAY_BUFFER, data, usage);
  const location = gl.getAttribLocation(program, name);
  gl.enableVertexAttribArray(location);
  gl.vertexAttribPointer(location, size, gl.FLOAT, false, 0, 0);
  return made;
}

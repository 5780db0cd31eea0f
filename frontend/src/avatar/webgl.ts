/** WebGL contexts, programs and textures. */

import { AvatarError } from "./errors";

export type GL = WebGLRenderingContext | WebGL2RenderingContext;

const ATTRIBUTES: WebGLContextAttributes = {
  alpha: true,
  antialias: true,
  depth: false,
  premultipliedAlpha: true,
  powerPreference: "low-power",
  stencil: true,
};

/** Return a context of WebGL 2, or else 1, or null. */
export function contextOf(canvas: HTMLCanvasElement): GL | null {
  return canvas.getContext("webgl2", ATTRIBUTES) ?? canvas.getContext("webgl", ATTRIBUTES);
}

/** Whether this browser can draw with WebGL now. */
export function hasWebGL(): boolean {
  const gl = contextOf(document.createElement("canvas"));
  gl?.getExtension("WEBGL_lose_context")?.loseContext(); // browsers keep only a few at a time
  return gl !== null;
}

export function isWebGL2(gl: GL): gl is WebGL2RenderingContext {
  return "createVertexArray" in gl;
}

/** Return the program of two shaders. Throws AvatarError with the driver's words. */
export function programOf(gl: GL, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new AvatarError("The graphics driver makes no shaders.");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new AvatarError(`The graphics driver refused a shader: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}

/** Return a texture of an image: premultiplied, with mipmaps, no larger than the driver takes. */
export function textureOf(gl: GL, image: HTMLImageElement): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  const source = within(image, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, source);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  const mipmaps = isWebGL2(gl) || (isPowerOfTwo(source.width) && isPowerOfTwo(source.height));
  if (mipmaps) gl.generateMipmap(gl.TEXTURE_2D);
  const filter = mipmaps ? gl.LINEAR_MIPMAP_LINEAR : gl.LINEAR;
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
  return texture;
}

function isPowerOfTwo(size: number): boolean {
  return (size & (size - 1)) === 0;
}

function within(image: HTMLImageElement, limit: number): HTMLImageElement | HTMLCanvasElement {
  const size = Math.max(image.naturalWidth, image.naturalHeight);
  if (size <= limit) return image;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor((image.naturalWidth * limit) / size));
  canvas.height = Math.max(1, Math.floor((image.naturalHeight * limit) / size));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

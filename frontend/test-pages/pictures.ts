/** How much two pictures differ. */

export interface Difference {
  readonly cells: readonly {
    readonly label: string;
    /** Of the channels of all pixels, 0..255: the mean difference, and what 99 % stay below. */
    readonly mean: number;
    readonly most: number;
  }[];
  /** The differences, four times as bright: a PNG as a data URL. */
  readonly picture: string;
}

/** Return a picture on a canvas of its size. */
export async function decoded(url: string): Promise<HTMLCanvasElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d", { willReadFrequently: true })?.drawImage(image, 0, 0);
  return canvas;
}

/** Compare two sheets of labelled cells, all of the same size. Throws if the sizes differ. */
export function compare(
  one: HTMLCanvasElement,
  other: HTMLCanvasElement,
  labels: readonly string[],
  columns: number,
): Difference {
  if (one.width !== other.width || one.height !== other.height) {
    throw new Error(
      `The sheet is ${one.width} by ${one.height}, the reference ${other.width} by ${other.height}.`,
    );
  }
  const rows = Math.ceil(labels.length / columns);
  const [width, height] = [one.width / columns, one.height / rows];
  const shown = document.createElement("canvas");
  shown.width = one.width;
  shown.height = one.height;
  const cells = labels.map((label, i) => {
    const [x, y] = [(i % columns) * width, Math.floor(i / columns) * height];
    const a = pixels(one, x, y, width, height);
    const b = pixels(other, x, y, width, height);
    const counts = new Uint32Array(256);
    let sum = 0;
    for (let n = 0; n < a.data.length; n++) {
      if (n % 4 === 3) continue;
      const difference = Math.abs((a.data[n] ?? 0) - (b.data[n] ?? 0));
      sum += difference;
      counts[difference] = (counts[difference] ?? 0) + 1;
      a.data[n] = Math.min(255, 4 * difference);
    }
    shown.getContext("2d")?.putImageData(a, x, y);
    const channels = 3 * width * height;
    return { label, mean: sum / channels, most: percentile(counts, 0.99 * channels) };
  });
  return { cells, picture: shown.toDataURL() };
}

function pixels(of: HTMLCanvasElement, x: number, y: number, w: number, h: number): ImageData {
  const paper = of.getContext("2d", { willReadFrequently: true });
  if (!paper) throw new Error("There is no paper.");
  return paper.getImageData(x, y, w, h);
}

function percentile(counts: Uint32Array, wanted: number): number {
  let below = 0;
  for (let value = 0; value < counts.length; value++) {
    below += counts[value] ?? 0;
    if (below >= wanted) return value;
  }
  return counts.length - 1;
}

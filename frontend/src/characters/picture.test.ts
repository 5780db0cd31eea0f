import { expect, test } from "vitest";

import { MIDDLE, pngOf, settled, squareOf } from "./picture";

test.each([
  [MIDDLE, 400, 200, { left: 100, top: 0, side: 200 }],
  [{ ...MIDDLE, zoom: 2 }, 400, 200, { left: 150, top: 50, side: 100 }],
  [{ x: 0, y: 9, zoom: 1 }, 400, 200, { left: 0, top: 0, side: 200 }],
  [{ x: 2, y: -1, zoom: 2 }, 100, 100, { left: 50, top: 0, side: 50 }],
  [{ ...MIDDLE, zoom: 100 }, 100, 100, { left: 37.5, top: 37.5, side: 25 }],
  [MIDDLE, 1, 3, { left: 0, top: 1, side: 1 }],
])("the square of %j in %i × %i", (cut, width, height, square) => {
  expect(squareOf(cut, width, height)).toEqual(square);
});

test("what is moved beyond an edge does not have to be moved back first", () => {
  const cut = settled({ x: 7, y: 0.5, zoom: 2 }, 400, 200);
  expect(cut).toEqual({ x: 0.875, y: 0.5, zoom: 2 });
});

test("a data URL is a file again", async () => {
  const file = pngOf("data:image/png;base64,iVBORw==");
  expect(file.type).toBe("image/png");
  expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([0x89, 0x50, 0x4e, 0x47]);
});

import { describe, expect, it } from "vitest";

import { zipped } from "./zip";

async function viewOf(blob: Blob): Promise<DataView> {
  return new DataView(await blob.arrayBuffer());
}

describe("a ZIP of files", () => {
  it("holds each file as it is, with its name, length and checksum, and a list of them", async () => {
    const zip = await viewOf(
      await zipped([
        { path: "猫/a.txt", file: new Blob(["123456789"]) },
        { path: "b", file: new Blob([]) },
      ]),
    );
    const name = new TextEncoder().encode("猫/a.txt");
    expect(zip.getUint32(0, true)).toBe(0x04034b50);
    expect(zip.getUint16(6, true)).toBe(0x0800);
    expect(zip.getUint32(14, true)).toBe(0xcbf43926);
    expect(zip.getUint32(18, true)).toBe(9);
    expect(zip.getUint16(26, true)).toBe(name.length);
    const end = zip.byteLength - 22;
    expect(zip.getUint32(end, true)).toBe(0x06054b50);
    expect(zip.getUint16(end + 10, true)).toBe(2);
    const list = zip.getUint32(end + 16, true);
    expect(list + zip.getUint32(end + 12, true)).toBe(end);
    expect(zip.getUint32(list, true)).toBe(0x02014b50);
    const second = list + 46 + name.length;
    expect(zip.getUint32(second + 42, true)).toBe(30 + name.length + 9);
    expect(zip.getUint32(30 + name.length + 9, true)).toBe(0x04034b50);
  });

  it("is made of no files, too", async () => {
    expect((await zipped([])).size).toBe(22);
  });

  it("does not hold more files than it can count", async () => {
    const one = { path: "a", file: new Blob([]) };
    await expect(zipped(Array.from({ length: 70_000 }, () => one))).rejects.toThrow(RangeError);
  });
});

/** Packs files into a ZIP without compression: a folder that was dropped goes to the server as one. */

/** A file and where it lies in its folder. */
export interface Packed {
  readonly path: string;
  readonly file: Blob;
}

/** What a ZIP without extensions holds. */
const MOST_FILES = 0xffff;
const MOST_BYTES = 0xffff_ffff;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** The first day that a ZIP knows. */
const DATE = 0x0021;

/** Return a ZIP of the files; they are read once, and not copied. Throws RangeError. */
export async function zipped(files: readonly Packed[]): Promise<Blob> {
  if (files.length > MOST_FILES) throw new RangeError("There are too many files.");
  const parts: BlobPart[] = [];
  const list: BlobPart[] = [];
  let at = 0;
  let listBytes = 0;
  for (const { path, file } of files) {
    const name = new TextEncoder().encode(path);
    if (at + file.size > MOST_BYTES) throw new RangeError("The files are too large.");
    const about = [VERSION, FLAGS, 0, 0, DATE] as const;
    const sizes = [await crc32(file), file.size, file.size] as const;
    const head = record(LOCAL, [...about], [...sizes], [name.length, 0]);
    parts.push(head, name, file);
    const entry = record(
      CENTRAL,
      [VERSION, ...about],
      [...sizes],
      [name.length, 0, 0, 0, 0],
      [0, at],
    );
    list.push(entry, name);
    at += head.byteLength + name.length + file.size;
    listBytes += entry.byteLength + name.length;
  }
  const count = files.length;
  const end = record(END, [0, 0, count, count], [listBytes, at], [0]);
  return new Blob([...parts, ...list, end], { type: "application/zip" });
}

/** A mark, then numbers of 16, 32, 16 and 32 bits. */
function record(
  mark: number,
  first: readonly number[],
  second: readonly number[],
  third: readonly number[],
  fourth: readonly number[] = [],
): ArrayBuffer {
  const bytes = 4 + 2 * (first.length + third.length) + 4 * (second.length + fourth.length);
  const view = new DataView(new ArrayBuffer(bytes));
  let at = 0;
  const put = (value: number, size: 2 | 4): void => {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  };
  put(mark, 4);
  for (const value of first) put(value, 2);
  for (const value of second) put(value, 4);
  for (const value of third) put(value, 2);
  for (const value of fourth) put(value, 4);
  return view.buffer;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

async function crc32(file: Blob): Promise<number> {
  let crc = 0xffff_ffff;
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return (crc ^ 0xffff_ffff) >>> 0;
    for (const byte of value) crc = (TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  }
}

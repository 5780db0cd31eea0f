/** What a person drops or chooses: one file as it is, or a folder and loose files as a ZIP. */

import { zipped, type Packed } from "./zip";

/** What goes to the server. */
export interface Given {
  readonly name: string;
  readonly file: Blob;
}

/** As many files are looked at; a model has some dozens. */
const MOST_FILES = 5000;
const WHOLE = /\.(zip|vrm)$/i;
const TAKEN = /\.(json|moc3|png|jpe?g|webp|wav|mp3|ogg|vrm|txt|md)$/i;

/** Return the files of a drop, those in its folders too. Call it before anything is awaited. */
export function droppedFiles(data: DataTransfer): Promise<Packed[]> {
  const entries = [...data.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry());
  const files = [...data.files];
  if (entries.every((entry) => entry === null)) return Promise.resolve(chosenFiles(files));
  const found: Packed[] = [];
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    if (found.length >= MOST_FILES) return;
    if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      found.push({ path: entry.fullPath.replace(/^\//, ""), file });
    } else if (isFolder(entry)) {
      for (const inner of await contents(entry)) await visit(inner);
    }
  };
  return Promise.all(entries.filter((entry) => entry !== null).map(visit)).then(() => found);
}

/** Return files that were chosen, one by one or as a folder. */
export function chosenFiles(files: readonly File[]): Packed[] {
  return files
    .slice(0, MOST_FILES)
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Return what is sent of the files; null where none of them can be of a look. */
export async function given(files: readonly Packed[]): Promise<Given | null> {
  const [first] = files;
  if (files.length === 1 && first && WHOLE.test(first.path)) {
    return { name: last(first.path), file: first.file };
  }
  const packed = files.filter(
    ({ path }) => TAKEN.test(path) && !/(^|\/)(\.|__MACOSX\/)/.test(path),
  );
  const [one] = packed;
  if (!one) return first ? { name: last(first.path), file: first.file } : null;
  const folder = one.path.includes("/") ? one.path.split("/")[0] : last(one.path).split(".")[0];
  return { name: `${folder ?? "look"}.zip`, file: await zipped(packed) };
}

function last(path: string): string {
  return path.split("/").at(-1) ?? path;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** A browser gives a folder's entries some at a time. */
async function contents(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return found;
    found.push(...some);
  }
}

import { describe, expect, it } from "vitest";

import { chosenFiles, given } from "./given";

const some = (path: string): { path: string; file: Blob } => ({ path, file: new Blob(["x"]) });

describe("what a person gives", () => {
  it.each(["boxy.vrm", "Cat.ZIP", "folder/deep/boxy.vrm"])("goes as it is: %s", async (path) => {
    const one = some(path);
    expect(await given([one])).toEqual({ name: path.split("/").at(-1), file: one.file });
  });

  it("goes as one ZIP by the folder's name, without what no model needs", async () => {
    const found = await given(
      ["cat/cat.model3.json", "cat/a.png", "cat/run.exe", "cat/.git/x.json", "cat/.a.png"].map(
        some,
      ),
    );
    expect(found?.name).toBe("cat.zip");
    const text = await found?.file.text();
    expect(text).toContain("cat/a.png");
    for (const lost of ["run.exe", "x.json", ".a.png"]) expect(text).not.toContain(lost);
  });

  it("is called by the first of loose files", async () => {
    expect((await given([some("me.rig.json"), some("me.png")]))?.name).toBe("me.zip");
  });

  it("may be something else, which the server refuses in its words", async () => {
    expect((await given([some("a.rar")]))?.name).toBe("a.rar");
    expect(await given([])).toBeNull();
  });

  it("keeps where the files of a folder were", () => {
    const inner = new File(["x"], "a.png");
    Object.defineProperty(inner, "webkitRelativePath", { value: "cat/tex/a.png" });
    expect(chosenFiles([inner, new File([], "b.vrm")]).map(({ path }) => path)).toEqual([
      "cat/tex/a.png",
      "b.vrm",
    ]);
  });
});

import { beforeEach, expect, test, vi } from "vitest";

import { copied } from "./clipboard";

beforeEach(() => void vi.spyOn(console, "warn").mockImplementation(() => {}));

test("a secure page writes to the clipboard", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  expect(await copied("words")).toBe(true);
  expect(writeText).toHaveBeenCalledWith("words");
});

test("a browser that forbids it is no fault: nothing was copied", async () => {
  const denied = new DOMException("no", "NotAllowedError");
  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(denied) } });
  expect(await copied("words")).toBe(false);
});

/** A document that copies what is selected, if it is allowed to. */
class FakeElement {
  className = "";
  readOnly = false;
  value = "";
  isThere = true;
  select = vi.fn();
  focus = vi.fn();

  remove(): void {
    this.isThere = false;
  }
}

test.each([[true], [false]])(
  "a page that is not secure copies what it selects (%s), and leaves nothing behind",
  async (allowed) => {
    const [focused, field] = [new FakeElement(), new FakeElement()];
    vi.stubGlobal("HTMLElement", FakeElement);
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("document", {
      activeElement: focused,
      createElement: () => field,
      body: { append: () => {} },
      execCommand: () => allowed && field.isThere,
    });
    expect(await copied("words")).toBe(allowed);
    expect([field.value, field.select.mock.calls.length, field.isThere]).toEqual([
      "words",
      1,
      false,
    ]);
    expect(focused.focus).toHaveBeenCalledOnce();
  },
);

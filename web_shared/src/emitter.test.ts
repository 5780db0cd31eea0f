import { expect, test, vi } from "vitest";

import { Emitter } from "./emitter";

class Bell extends Emitter<{ rung: [times: number]; broken: [] }> {
  ring(times: number): void {
    this.emit("rung", times);
  }
}

test("all who listen are told, each of their kind, until they do not listen any more", () => {
  const bell = new Bell();
  const [one, other, broken] = [vi.fn(), vi.fn(), vi.fn()];
  const end = bell.on("rung", one);
  bell.on("rung", other);
  bell.on("broken", broken);
  bell.ring(1);
  end();
  bell.ring(2);
  expect([one.mock.calls, other.mock.calls, broken.mock.calls]).toEqual([[[1]], [[1], [2]], []]);
});

test("one that throws is reported, and the others are told", () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const bell = new Bell();
  const fault = new Error("deaf");
  const other = vi.fn();
  bell.on("rung", () => {
    throw fault;
  });
  bell.on("rung", other);
  bell.ring(1);
  expect(other).toHaveBeenCalledWith(1);
  expect(reported).toHaveBeenCalledWith(fault);
});

test("the same function may listen twice, and each time ends alone", () => {
  const bell = new Bell();
  const twice = vi.fn();
  const end = bell.on("rung", twice);
  bell.on("rung", twice);
  bell.ring(1);
  end();
  bell.ring(2);
  expect(twice.mock.calls).toEqual([[1], [1], [2]]);
});

test("who stops listening while it is told keeps no other from hearing", () => {
  const bell = new Bell();
  const other = vi.fn();
  const end = bell.on("rung", () => end());
  bell.on("rung", other);
  bell.ring(1);
  expect(other).toHaveBeenCalledOnce();
});

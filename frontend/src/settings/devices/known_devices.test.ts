import { expect, test, vi } from "vitest";

import { ApiError } from "../../session/http";
import { KnownDevices, type Tokens } from "./known_devices.svelte";
import type { KnownDevice } from "./tokens_api";

const PHONE: KnownDevice = {
  id: "1",
  name: "Phone",
  made: "2026-05-09",
  last_used: null,
  may_configure: false,
  is_here: false,
  is_asking: false,
};
const WISH = { name: "Phone", mayConfigure: false };

/** A server on whose console stands the code 123456. */
function server(): Tokens & { readonly kept: KnownDevice[] } {
  const kept: KnownDevice[] = [];
  return {
    kept,
    listed: () => Promise.resolve([...kept]),
    letIn: (name, mayConfigure, code) => {
      if (code !== "123456") return Promise.reject(new ApiError(428, "It needs the code."));
      const device = { ...PHONE, name, may_configure: mayConfigure };
      kept.push(device);
      return Promise.resolve({ device, token: "secret" });
    },
    rename: (id, name) => {
      const found = kept.findIndex((one) => one.id === id);
      if (found < 0) return Promise.reject(new ApiError(404, "There is no such device any more."));
      kept[found] = { ...PHONE, name };
      return Promise.resolve(kept[found]);
    },
    shutOut: (id) => {
      const found = kept.findIndex((one) => one.id === id);
      if (found < 0) return Promise.reject(new ApiError(404, "There is no such device any more."));
      kept.splice(found, 1);
      return Promise.resolve();
    },
  };
}

test("a device is let in with the code, and its token is told until that was seen", async () => {
  const devices = new KnownDevices(server());
  await devices.letIn(WISH);
  expect([devices.wish, devices.isWrongCode, devices.made]).toEqual([WISH, false, null]);
  await devices.letIn(WISH, "000000");
  expect([devices.wish, devices.isWrongCode]).toEqual([WISH, true]);
  await devices.letIn(WISH, "123456");
  expect([devices.wish, devices.made?.token]).toEqual([null, "secret"]);
  expect(devices.all.map(({ name }) => name)).toEqual(["Phone"]);
  devices.done();
  expect(devices.made).toBeNull();
});

test("the question of the code is not asked when it was declined", async () => {
  const devices = new KnownDevices(server());
  await devices.letIn(WISH);
  devices.decline();
  expect([devices.wish, devices.all, devices.refusal]).toEqual([null, [], null]);
});

test("the code that a device is to scan goes with its access", async () => {
  const devices = new KnownDevices(server());
  await devices.letIn(WISH, "123456");
  expect(await devices.shutOut("1")).toBe(true);
  expect([devices.made, devices.all]).toEqual([null, []]);
});

test("what was changed elsewhere meanwhile is told, and the list is read anew", async () => {
  const other = server();
  const devices = new KnownDevices(other);
  await devices.letIn(WISH, "123456");
  other.kept.length = 0;
  expect(await devices.shutOut("1")).toBe(false);
  expect([devices.refusal?.message, devices.all]).toEqual([
    "There is no such device any more.",
    [],
  ]);
  await devices.rename("1", "Other");
  expect(devices.refusal?.status).toBe(404);
});

test("a second press lets nobody in twice", async () => {
  const other = server();
  const letIn = vi.spyOn(other, "letIn");
  const devices = new KnownDevices(other);
  await Promise.all([devices.letIn(WISH, "123456"), devices.letIn(WISH, "123456")]);
  expect(letIn).toHaveBeenCalledOnce();
});

test("a list that cannot be read says why", async () => {
  const refusal = new ApiError(403, "Not from here.");
  const devices = new KnownDevices({ ...server(), listed: () => Promise.reject(refusal) });
  await devices.refresh();
  expect([devices.isKnown, devices.refusal]).toEqual([false, refusal]);
});

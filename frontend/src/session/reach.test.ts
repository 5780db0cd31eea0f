/** Addresses for other devices. */

import { expect, test } from "vitest";

import { isOnlyHere, withToken } from "./reach";

test.each([
  ["https://192.168.1.5:12394/", "http://localhost:12393/", "https://192.168.1.5:12394/"],
  [
    "https://192.168.1.5:12394/?token=a",
    "http://localhost:12393/?token=b",
    "https://192.168.1.5:12394/?token=a",
  ],
  [
    "http://[fd00::5]:12393/",
    "http://localhost:12393/?token=a%26b&invite=x",
    "http://[fd00::5]:12393/?token=a%26b",
  ],
])("%s at %s", (url, here, whole) => expect(withToken(url, here)).toBe(whole));

test.each([
  ["localhost", true],
  ["wren.localhost", true],
  ["127.0.0.1", true],
  ["[::1]", true],
  ["192.168.1.5", false],
  ["localhost.example.org", false],
])("%s is of this computer alone: %s", (hostname, isOnly) =>
  expect(isOnlyHere({ hostname })).toBe(isOnly),
);

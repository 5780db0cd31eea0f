import { expect, test } from "vitest";

import { startersIn } from "./starters";

test.each(["en", "zh", "de", "ar", "vi"])("in %s there are three, all different", (language) => {
  const found = startersIn(language);
  expect(found.language).toBe(language);
  expect(new Set(found.said).size).toBe(3);
});

test.each(["", "xx", "constructor"])("in %j, which is not known, they are English", (language) => {
  expect(startersIn(language)).toEqual(startersIn("en"));
});

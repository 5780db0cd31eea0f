/** Results of group operations. */

import { expect, it } from "vitest";

import { panels as en } from "../../i18n/en/panels";
import { resultIn } from "./results";

const ID = "0123456789abcdef";

it.each([
  [`You have been invited to the group by ${ID}`, "You are in a group now: 01234567… invited you."],
  [`You have joined the group of ${ID}`, "You are in a group with 01234567… now."],
  [
    `Member ${ID} was asked to join the group`,
    "They are asked to join. They are in the group once they say yes.",
  ],
  [`Member ${ID} was added to the group`, "01234567… is in the group now."],
  [`Member ${ID} was removed from the group`, "01234567… is no longer in the group."],
  ["Member bob disconnected", "bob was disconnected."],
  ["You have left the group", "You have left the group."],
  ["You have been removed from the group", "You were removed from the group."],
  ["The group was dissolved", en.group.results.dissolved],
  ["A client cannot invite itself.", "A client cannot invite itself."],
])("%s", (message, words) => expect(resultIn(en.group.results, message)).toBe(words));

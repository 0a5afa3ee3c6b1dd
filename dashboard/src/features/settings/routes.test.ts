import {
  channelProblem,
  inOrder,
  loudness,
  rivalProblem,
  withRoute,
  without,
  type Route,
} from "@/features/settings/routes";
import { expect, test } from "vitest";

const all: Route = { atLeast: "info", channel: "C0ALL" };
const loud: Route = { accountId: null, atLeast: "critical", channel: "C0LOUD" };
const own: Route = { accountId: "111122223333", atLeast: "info", channel: "C0OWN" };

test("the one that is taken first stands first", () => {
  expect(inOrder([all, loud, own])).toEqual([own, loud, all]);
});

test("which alerts they are is said in words", () => {
  expect(loudness("info")).toBe("All alerts");
  expect(loudness("critical")).toBe("Critical only");
});

test("an id is told from a name", () => {
  expect(channelProblem("C0123456789")).toBeUndefined();
  expect(channelProblem("G0123456789")).toBeUndefined();
  expect(channelProblem("")).toBe("Paste the id of a channel.");
  for (const wrong of ["#cost", "cost", "c0123456789", "U0123456789", "C", "C0 1"]) {
    expect(channelProblem(wrong)).toContain("looks like C0123456789");
  }
});

test("of two about the same one would never be taken", () => {
  const again = { ...all, accountId: null, channel: "C0OTHER" };
  expect(rivalProblem(again, [loud, all])).toContain("C0ALL");
  expect(rivalProblem(again, [loud, own])).toBeUndefined();
});

test("a route is added, changed in its place, or taken out", () => {
  expect(withRoute([all], loud, undefined)).toEqual([all, loud]);
  const moved = { ...all, channel: "C0MOVED" };
  expect(withRoute([loud, all], moved, all)).toEqual([loud, moved]);
  // Somebody else took it away meanwhile: it is there again.
  expect(withRoute([loud], moved, all)).toEqual([loud, moved]);
  expect(without([all, loud, own], loud)).toEqual([all, own]);
});

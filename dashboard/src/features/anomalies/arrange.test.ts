import { arrange, begun, type Arrangement } from "@/features/anomalies/arrange";
import { expect, test } from "vitest";

const row = (id: string, rate = 1) => ({ id, rate });
const list = (ids: string) => ids.split("").map((id) => row(id));
const ids = (of: Arrangement<{ id: string }>) => of.rows.map(({ id }) => id).join("");

test("what is there first is not new", () => {
  expect(begun(list("ba")).arrived.size).toBe(0);
});

test("at the top what is new is shown and marked", () => {
  const now = arrange(begun(list("ba")), list("dcba"), false);
  expect(ids(now)).toBe("dcba");
  expect([...now.arrived]).toEqual(["d", "c"]);
  expect(now.waiting).toBe(0);
});

test("further down nothing moves: what is new waits", () => {
  const now = arrange(begun(list("ba")), list("dcba"), true);
  expect(ids(now)).toBe("ba");
  expect(now.waiting).toBe(2);
});

test("what waits is shown once somebody wants to see it", () => {
  const waiting = arrange(begun(list("ba")), list("dcba"), true);
  const now = arrange(waiting, list("dcba"), false);
  expect(ids(now)).toBe("dcba");
  expect([...now.arrived]).toEqual(["d", "c"]);
});

test("figures are renewed where they stand", () => {
  const now = arrange(begun([row("b", 1), row("a", 1)]), [row("b", 9), row("a", 1)], true);
  expect(now.rows[0]?.rate).toBe(9);
});

test("older ones are added below, unmarked, read or not", () => {
  for (const reading of [true, false]) {
    const now = arrange(begun(list("dc")), list("dcba"), reading);
    expect(ids(now)).toBe("dcba");
    expect(now.arrived.size).toBe(0);
    expect(now.waiting).toBe(0);
  }
});

test("what no longer belongs to the list stays while it is read, and goes then", () => {
  const reading = arrange(begun(list("cba")), list("ca"), true);
  expect(ids(reading)).toBe("cba");
  expect(ids(arrange(reading, list("ca"), false))).toBe("ca");
});

test("what comes back between others waits, too", () => {
  const now = arrange(begun(list("ca")), list("cba"), true);
  expect(ids(now)).toBe("ca");
  expect(now.waiting).toBe(1);
});

test("the first of an empty list are shown at once and marked", () => {
  const now = arrange(begun(list("")), list("a"), true);
  expect(ids(now)).toBe("a");
  expect([...now.arrived]).toEqual(["a"]);
});

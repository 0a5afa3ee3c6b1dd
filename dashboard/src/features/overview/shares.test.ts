import { NAMED, parts } from "@/features/overview/shares";
import { expect, test } from "vitest";

const shares = (...amounts: string[]) =>
  amounts.map((amount, nth) => ({
    name: `${nth}`,
    hourly: { amount, currency: "USD" },
    resources: 1,
  }));

test("the dearest is whole, the others are parts of it", () => {
  expect(parts(shares("8", "2", "0")).named.map(({ part }) => part)).toEqual([1, 0.25, 0]);
});

test("of nothing there are no lengths", () => {
  expect(parts([])).toEqual({ named: [], rest: [] });
  expect(parts(shares("0")).named[0]?.part).toBe(0);
});

test("one more than are named is named, too; more than that are the rest", () => {
  const many = (number: number) => parts(shares(...Array.from({ length: number }, () => "1")));
  expect(many(NAMED + 1).rest).toHaveLength(0);
  expect(many(NAMED + 2).named).toHaveLength(NAMED);
  expect(many(NAMED + 2).rest).toHaveLength(2);
});

import { grouped, keyOf, kindsOf, type Zombie } from "@/features/zombies/group";
import { describe, expect, test } from "vitest";

function zombie(of: Partial<Zombie>): Zombie {
  return {
    accountId: "111122223333",
    check: "idle_database",
    title: "Idle database",
    rule: "nobody was connected to a database for 14 days",
    region: "eu-west-1",
    resource: "db-1",
    why: "no connection since 1 May",
    monthly: { amount: "98.55", currency: "USD" },
    priceKnown: true,
    priceNote: "AWS price list, 2026-07",
    stop: "aws rds stop-db-instance",
    ...of,
  };
}

const volume = {
  check: "idle_volume",
  title: "Volume without I/O",
  rule: "neither read nor written",
};
const ALL = [
  zombie({ resource: "db-dear" }),
  zombie({ ...volume, resource: "vol-1", accountId: "444455556666" }),
  zombie({ resource: "db-cheap" }),
];
const nameOf = (id: string) => (id === "111122223333" ? "production" : id);

describe("grouping", () => {
  test("no group keeps the order and says nothing", () => {
    const [group, ...others] = grouped(ALL, "none", nameOf);
    expect(others).toEqual([]);
    expect(group?.title).toBeUndefined();
    expect(group?.zombies).toEqual(ALL);
  });

  test("nothing is no group", () => {
    expect(grouped([], "none", nameOf)).toEqual([]);
    expect(grouped([], "check", nameOf)).toEqual([]);
  });

  test("by check, the group with the dearest first, with its rule", () => {
    const groups = grouped(ALL, "check", nameOf);
    expect(groups.map((group) => group.title)).toEqual(["Idle database", "Volume without I/O"]);
    expect(groups[0]?.hint).toBe("nobody was connected to a database for 14 days");
    expect(groups[0]?.zombies.map(({ resource }) => resource)).toEqual(["db-dear", "db-cheap"]);
  });

  test("by account, as people call it", () => {
    const groups = grouped(ALL, "account", nameOf);
    expect(groups.map((group) => group.title)).toEqual(["production", "444455556666"]);
    expect(groups.map((group) => group.zombies.length)).toEqual([2, 1]);
  });
});

test("kinds are counted and stand in the order of their titles", () => {
  expect(kindsOf(ALL)).toEqual([
    { check: "idle_database", title: "Idle database", count: 2 },
    { check: "idle_volume", title: "Volume without I/O", count: 1 },
  ]);
});

test("the same name in two regions is two things", () => {
  expect(keyOf(zombie({}))).not.toBe(keyOf(zombie({ region: "us-east-1" })));
});

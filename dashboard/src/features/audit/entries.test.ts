import { byDay, whatOf, whoOf, type Entry } from "@/features/audit/entries";
import { describe, expect, test } from "vitest";

function entry(at: string): Entry {
  return { at, who: "ana", what: "settings", old: "UTC", new: "Europe/Berlin", why: "" };
}

test("changes of a day stand together, in their order", () => {
  const entries = [
    entry("2026-06-03T12:00:00Z"),
    entry("2026-06-03T11:00:00Z"),
    entry("2026-06-01T12:00:00Z"),
  ];
  const days = byDay(entries);
  expect(days.map(({ name }) => name)).toEqual(["3 Jun 2026", "1 Jun 2026"]);
  expect(days[0]?.entries).toEqual(entries.slice(0, 2));
});

describe("who it was", () => {
  test.each([
    ["ana", "ana", "person"],
    ["of Slack", "Somebody in Slack", "person"],
    ["key CI", "Key CI", "person"],
    ["by setup 01J", "By setup 01J", "person"],
    ["operator ben", "ben", "operator"],
    ["customer operator ben", "customer operator ben", "person"],
    ["the rules", "By a rule", "rules"],
  ])("%s", (who, name, is) => {
    expect(whoOf(who)).toEqual({ name, is });
  });
});

test("what was changed is a title", () => {
  expect(whatOf("api key")).toBe("API key");
  expect(whatOf("tier")).toBe("Plan");
  expect(whatOf("customer_strict")).toBe("Customer strict");
});

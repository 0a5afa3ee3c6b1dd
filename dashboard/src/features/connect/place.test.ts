import { addressOf, placeOf, stepAfter, type Place } from "@/features/connect/place";
import { expect, test } from "vitest";

function read(address: string, kept = {}): Place {
  const url = new URL(address, "https://cost.example");
  return placeOf(Object.fromEntries(url.searchParams), kept);
}

test("the wizard begins at AWS, whatever is asked for", () => {
  expect(placeOf({}, {})).toEqual({ step: "aws" });
  expect(placeOf({ step: "elsewhere" }, {})).toEqual({ step: "aws" });
  expect(placeOf({ step: "", setup: "" }, {})).toEqual({ step: "aws" });
});

test("a place and its address are the same", () => {
  const places: Place[] = [
    { step: "aws", setup: "01SETUP" },
    { step: "aws", again: "111122223333" },
    { step: "slack", setup: "01SETUP", account: "111122223333" },
    { step: "rehearsal", account: "111122223333" },
  ];
  for (const place of places) expect(read(addressOf(place))).toEqual(place);
});

test("a number that is none of an account is left out", () => {
  expect(placeOf({ step: "rehearsal", account: "12" }, {})).toEqual({ step: "rehearsal" });
});

test("what comes back from Slack goes on where it was", () => {
  const kept = { setup: "01SETUP", account: "111122223333" };
  expect(read("/dashboard/connect?slack=connected", kept)).toEqual({ step: "slack", ...kept });
});

test("Slack's reason stands at its step, also after a reload", () => {
  const place = read("/dashboard/connect?slack=failed&why=cancelled", { setup: "01SETUP" });
  expect(place).toEqual({ step: "slack", setup: "01SETUP", slackFailed: "cancelled" });
  expect(read(addressOf(place))).toEqual(place);
  expect(read("/dashboard/connect?slack=failed").slackFailed).toBe("unsaid");
  expect(read("/dashboard/connect?slack=failed&why=__proto__").slackFailed).toBe("unsaid");
});

test("what was kept counts for the way back from Slack only", () => {
  expect(placeOf({ step: "aws" }, { setup: "01OLD" })).toEqual({ step: "aws" });
});

test("steps follow one another", () => {
  expect(stepAfter("aws")).toBe("slack");
  expect(stepAfter("slack")).toBe("rehearsal");
  expect(stepAfter("rehearsal")).toBeUndefined();
});

import {
  lengthOf,
  parseQuietHours,
  problemOf,
  quietHoursText,
  USUAL,
} from "@/features/settings/quietHours";
import { describe, expect, test } from "vitest";

describe("quiet hours of the API", () => {
  test("come back as they went", () => {
    expect(parseQuietHours("22:00-07:00")).toEqual(USUAL);
    expect(quietHoursText(USUAL)).toBe("22:00-07:00");
  });

  test("a long dash and one digit will do", () => {
    expect(parseQuietHours("9:30 – 10:00")).toEqual({ from: "09:30", until: "10:00" });
  });

  test.each([null, undefined, "", "22:00", "24:00-07:00", "22:00-07:60", "a-b", "1:00-2:00-3:00"])(
    "%s is none",
    (text) => {
      expect(parseQuietHours(text)).toBeUndefined();
    },
  );
});

describe("what somebody types", () => {
  test("is right with two times", () => {
    expect(problemOf(USUAL)).toBeUndefined();
  });

  test("needs both times", () => {
    expect(problemOf({ from: "22:00", until: "" })).toMatch(/Name both/);
    expect(problemOf({ from: "25:00", until: "07:00" })).toMatch(/Name both/);
  });

  test("is no whole day", () => {
    expect(problemOf({ from: "07:00", until: "07:00" })).toMatch(/whole day/);
  });
});

test("their length passes midnight", () => {
  expect(lengthOf(USUAL)).toBe("9 h");
  expect(lengthOf({ from: "12:15", until: "13:00" })).toBe("45 min");
  expect(lengthOf({ from: "23:30", until: "07:00" })).toBe("7 h 30 min");
});

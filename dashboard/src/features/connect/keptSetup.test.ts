import { forgetSetup, keepSetup, keptSetup } from "@/features/connect/keptSetup";
import { PERSONAL } from "@/session/personal";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  const held = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => held.set(key, value),
    removeItem: (key: string) => held.delete(key),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("the setup that was begun last is gone on with, for what it was begun for", () => {
  expect(keptSetup(undefined)).toBeUndefined();
  keepSetup({ setup: "01ONE" });
  expect(keptSetup(undefined)).toBe("01ONE");
  expect(keptSetup("111122223333")).toBeUndefined();
  keepSetup({ setup: "01TWO", again: "111122223333" });
  expect(keptSetup("111122223333")).toBe("01TWO");
  expect(keptSetup(undefined)).toBeUndefined();
});

test("only the one that is over is forgotten", () => {
  keepSetup({ setup: "01TWO" });
  forgetSetup("01ONE");
  expect(keptSetup(undefined)).toBe("01TWO");
  forgetSetup("01TWO");
  expect(keptSetup(undefined)).toBeUndefined();
});

test("what cannot be kept or read is none", () => {
  localStorage.setItem(`${PERSONAL}setup`, "{");
  expect(keptSetup(undefined)).toBeUndefined();
  vi.stubGlobal("localStorage", undefined);
  keepSetup({ setup: "01ONE" });
  forgetSetup("01ONE");
  expect(keptSetup(undefined)).toBeUndefined();
});

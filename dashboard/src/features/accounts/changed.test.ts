import { ApiError } from "@/api/problem";
import { isOfAccount, notChanged } from "@/features/accounts/changed";
import { expect, test } from "vitest";

test("keys of an account are known by its number", () => {
  const path = { accountId: "111122223333" };
  expect(isOfAccount(["/v1/accounts/{accountId}", { path }], "111122223333")).toBe(true);
  expect(isOfAccount(["/v1/accounts/{accountId}/health", { path }], "111122223333")).toBe(true);
  expect(isOfAccount(["/v1/accounts/{accountId}", { path }], "444455556666")).toBe(false);
  expect(isOfAccount(["/v1/accounts", undefined], "111122223333")).toBe(false);
  expect(isOfAccount("$inf$…", "111122223333")).toBe(false);
});

test("who was too slow is told that somebody else was quicker", () => {
  const stale = ApiError.ofAnswer(new Response(null, { status: 412 }), {});
  expect(notChanged(stale, "The name was not changed.")).toContain("Somebody else");
  expect(notChanged(ApiError.unreachable(), "The name was not changed.")).toBe(
    "The name was not changed.",
  );
});

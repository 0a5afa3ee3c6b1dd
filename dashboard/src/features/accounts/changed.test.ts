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
  const late = notChanged(stale, "The name was not changed.");
  expect(late.what).toContain("Somebody else");
  expect(late.error.message).toContain("You see theirs now");
  const unreachable = notChanged(ApiError.unreachable(), "The name was not changed.");
  expect(unreachable.what).toBe("The name was not changed.");
  expect(unreachable.error.status).toBe(0);
});

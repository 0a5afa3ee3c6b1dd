import { slackReturn } from "@/features/settings/slackReturn";
import { expect, test } from "vitest";

test("what became of it is read from the address", () => {
  expect(slackReturn({})).toEqual({ is: "none" });
  expect(slackReturn({ slack: "elsewhere" })).toEqual({ is: "none" });
  expect(slackReturn({ slack: "connected" })).toEqual({ is: "connected" });
  expect(slackReturn({ slack: "failed", why: "cancelled" })).toEqual({
    is: "failed",
    why: "You pressed Cancel there. Nothing was changed.",
  });
  const unsaid = { is: "failed", why: "Slack did not say why. Try it again below." };
  expect(slackReturn({ slack: "failed" })).toEqual(unsaid);
  expect(slackReturn({ slack: "failed", why: ["a", "b"] })).toEqual(unsaid);
});

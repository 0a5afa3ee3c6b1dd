import { slackReason } from "@/features/connect/slackWords";
import { expect, test } from "vitest";

test("why Slack did not let us in is said in words", () => {
  expect(slackReason("cancelled")).toBe("You pressed Cancel there. Nothing was changed.");
  expect(slackReason("team_not_found")).toBe("Team not found. Try it again below.");
  expect(slackReason("Slack did not say why.")).toBe("Slack did not say why. Try it again below.");
});

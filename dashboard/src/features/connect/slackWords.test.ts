import { slackFailureOf, slackReason } from "@/features/connect/slackWords";
import { expect, test } from "vitest";

const WORDS = [
  "link_used_up",
  "cancelled",
  "workspace_of_another",
  "not_granted",
  "busy",
  "unavailable",
  "failed",
];

test.each(WORDS)("%s is said in words of its own", (word) => {
  expect(slackFailureOf(word)).toBe(word);
  expect(WORDS.filter((other) => slackReason(other) === slackReason(word))).toEqual([word]);
});

test.each(["team_not_found", "Call 555 0100 to go on", "__proto__", "constructor", "toString", ""])(
  "%j is none of ours, and not shown",
  (word) => {
    expect(slackReason(word)).toBe("Slack did not say why. Try it again below.");
  },
);

import { plain, sentence } from "@/format/words";

const REASONS: Record<string, string> = {
  cancelled: "You pressed Cancel there. Nothing was changed.",
  link_used_up: "That link holds once and for ten minutes. Press the button for a new one.",
  workspace_of_another:
    "This workspace belongs to another customer of ours. Choose another one, or ask whoever set us up there.",
  not_granted: "Slack gave us fewer rights than we need to post. Try again and allow all of them.",
  unavailable: "Slack could not be reached just now. Try again in a minute.",
};

/** Why Slack did not let us in, and what to do; a reason that we do not know, in its own words. */
export function slackReason(why: string): string {
  return REASONS[why] ?? `${sentence(plain(why)).replace(/\.$/, "")}. Try it again below.`;
}

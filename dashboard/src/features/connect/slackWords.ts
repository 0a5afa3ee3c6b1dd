/** Why Slack did not let us in, and what to do: by the words with which it sends people back. */
const REASONS = {
  link_used_up: "That link holds once and for ten minutes. Press the button for a new one.",
  cancelled: "You pressed Cancel there. Nothing was changed.",
  workspace_of_another:
    "This workspace belongs to another customer of ours. Choose another one, or ask whoever set us up there.",
  not_granted: "Slack gave us fewer rights than we need to post. Try again and allow all of them.",
  busy: "Slack took too long, or had too much to do. Try again in a minute.",
  unavailable: "Slack could not be reached just now. Try again in a minute.",
  failed: "Something went wrong on our side, not on yours. Try again in a minute.",
  unsaid: "Slack did not say why. Try it again below.",
} as const;

/** One of these words. */
export type SlackFailure = keyof typeof REASONS;

/** The word, if it is one of ours: an address may hold anything, and none of it is shown as ours. */
export function slackFailureOf(word: string | undefined): SlackFailure {
  return word !== undefined && Object.hasOwn(REASONS, word) ? (word as SlackFailure) : "unsaid";
}

/** Why Slack did not let us in, and what to do. */
export function slackReason(word: string): string {
  return REASONS[slackFailureOf(word)];
}

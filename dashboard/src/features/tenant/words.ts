/** What has to be typed before everything is deleted. */
export const WORD = "delete";

/** What happens to whom everything is deleted, in the order of time. */
export const WHAT_HAPPENS: readonly string[] = [
  "At once: all accounts are disconnected, nothing is alerted any more, and API keys open nothing. Slack is told that you asked for it.",
  "Your subscription ends with its period, and is not renewed.",
  "For 48 hours everybody of your team can take it back on any page, and everything is as it was.",
  "Then all of it is deleted, within 72 hours from now: accounts with all that we learned, people, keys, settings, the audit trail and the connection to Slack. The subscription ends at once: what was used until then is settled, what was paid beyond is credited. Invoices stay at Stripe: they have to be kept. Your sign-in stays until you ask us to delete it, too.",
  "Nothing changes in AWS: delete the stacks dd0c-cost-readonly there yourself.",
];

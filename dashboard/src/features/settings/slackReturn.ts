import { slackReason } from "@/features/connect/slackWords";

/** What became of letting us into Slack. */
export type SlackReturn =
  | { readonly is: "none" }
  | { readonly is: "connected" }
  | { readonly is: "failed"; readonly why: string };

/** What an address says of it, once somebody comes back. */
export function slackReturn(
  query: Readonly<Record<string, string | string[] | undefined>>,
): SlackReturn {
  if (query.slack === "connected") return { is: "connected" };
  if (query.slack !== "failed") return { is: "none" };
  const why = typeof query.why === "string" && query.why ? query.why : "Slack did not say why.";
  return { is: "failed", why: slackReason(why) };
}

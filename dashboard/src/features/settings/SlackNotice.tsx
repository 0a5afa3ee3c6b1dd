import { slackReturn } from "@/features/settings/slackReturn";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { useRouter } from "next/router";

/** What became of letting us into Slack, for whoever comes back from there. */
export function SlackNotice() {
  const { query, pathname, replace } = useRouter();
  const came = slackReturn(query);
  const close = (
    <Button onClick={() => void replace(pathname, undefined, { shallow: true })}>
      {came.is === "failed" ? "Close" : "Good"}
    </Button>
  );
  if (came.is === "none") return null;
  if (came.is === "failed") {
    return (
      <Banner tone="critical" title="Slack did not let us in" action={close}>
        {came.why}
      </Banner>
    );
  }
  return (
    <Banner tone="good" title="Slack is connected" action={close}>
      Alerts come into the channel that you chose there.
    </Banner>
  );
}

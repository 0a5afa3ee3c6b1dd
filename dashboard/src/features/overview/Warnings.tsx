import { useGet, type Body } from "@/api/read";
import { day } from "@/format/time";
import { Banner } from "@/ui/Banner";
import { ButtonLink } from "@/ui/Button";

/** What must be done so that we can do our part: Slack, payment. */
export function Warnings({ status }: { status: Body<"/v1/status"> | undefined }) {
  return (
    <>
      {status && status.accounts > 0 && !status.slackConnected && <NoSlack />}
      <Payment />
    </>
  );
}

function NoSlack() {
  return (
    <Banner
      tone="warning"
      title="Slack is not connected"
      action={
        <ButtonLink href="/dashboard/connect?step=slack" look="primary">
          Connect Slack
        </ButtonLink>
      }
    >
      We watch, but nobody is told. Connect Slack to hear of what is started within seconds.
    </Banner>
  );
}

function Payment() {
  const { body } = useGet("/v1/billing", undefined, { refreshInterval: 60_000 });
  if (!body?.paymentFailedAt) return null;
  return (
    <Banner
      tone="critical"
      title="A payment is missing"
      action={<ButtonLink href="/dashboard/settings/billing">See billing</ButtonLink>}
    >
      Since {day(body.paymentFailedAt)}. Without it all accounts but the first will be paused;
      nothing is deleted.
    </Banner>
  );
}

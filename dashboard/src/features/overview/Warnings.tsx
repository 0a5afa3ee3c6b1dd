import { useGet, type Body } from "@/api/read";
import { standingOf } from "@/features/settings/billingStanding";
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
  const standing = body && standingOf(body);
  if (standing !== "unpaid" && standing !== "lapsed") return null;
  const { paymentFailedAt } = body ?? {};
  return (
    <Banner
      tone="critical"
      title="A payment is missing"
      action={<ButtonLink href="/dashboard/settings/billing">See billing</ButtonLink>}
    >
      {paymentFailedAt && `Since ${day(paymentFailedAt)}. `}
      {standing === "lapsed"
        ? "Accounts beyond the first are paused until it is paid; nothing is deleted."
        : "If it stays so, accounts beyond the first are paused; nothing is deleted."}
    </Banner>
  );
}

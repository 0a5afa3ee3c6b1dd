import { useGet } from "@/api/read";
import { OpenAws } from "@/features/connect/OpenAws";
import { type Place } from "@/features/connect/place";
import { standingOf } from "@/features/connect/standing";
import { type Go } from "@/features/connect/usePlace";
import { useSetup, type BegunSetup } from "@/features/connect/useSetup";
import { isUsedUp } from "@/features/settings/billingStanding";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Disclosure } from "@/ui/Disclosure";
import { later } from "@/ui/later";
import { Failed, Skeleton } from "@/ui/states";
import { useNow } from "@/ui/time";
import { ArrowRight } from "lucide-react";
import { useEffect } from "react";

const AccountHealth = later(
  async () => (await import("@/features/connect/AccountHealth")).AccountHealth,
  <Skeleton className="h-96 w-full rounded-xl" />,
);
const ByHandForm = later(
  async () => (await import("@/features/connect/ByHandForm")).ByHandForm,
  <Skeleton className="h-96 w-full" />,
);
const NeedsPro = later(
  async () => (await import("@/features/connect/NeedsPro")).NeedsPro,
  <Skeleton className="h-44 w-full rounded-xl" />,
);

/** The first step: an account of AWS lets us look, and hands us its events. */
export function AwsStep({ place, go }: { place: Place; go: Go }) {
  const begun = useSetup(place, go);
  const { setup, error, retry, refused } = begun;
  const isConnected = setup?.stage === "connected";
  const account = isConnected ? setup.accountId : setup ? undefined : place.account;
  // An account that is made anew is none more.
  const asksForMore = !setup && !account && !place.again;
  const billing = useGet(asksForMore ? "/v1/billing" : null, undefined, {
    refreshInterval: 15_000,
  });
  useEffect(() => {
    // From here on the address names the account: whoever comes back finds it.
    if (account && account !== place.account) void go({ ...place, account }, true);
  }, [account, place, go]);
  if (account) return <Watched account={account} place={place} go={go} />;
  if (error) {
    return (
      <Card>
        <Failed error={error} retry={retry} />
      </Card>
    );
  }
  if (asksForMore && billing.body && isUsedUp(billing.body)) {
    return <NeedsPro billing={billing.body} />;
  }
  if (refused?.code === "upgrade_required" && !billing.body) {
    return <NeedsPro billing={undefined} />;
  }
  if (begun.isReading || (asksForMore && !billing.body && !billing.error)) return <AwsSkeleton />;
  return <Connecting begun={begun} place={place} />;
}

function Connecting({ begun, place }: { begun: BegunSetup; place: Place }) {
  const { setup, put, begin, isBeginning } = begun;
  const now = useNow();
  const standing = setup ? standingOf(setup, now) : "waiting";
  return (
    <>
      <OpenAws begun={begun} standing={standing} place={place} />
      <Card>
        <Disclosure title="Create the role by hand" open={standing === "refused"}>
          {setup ? (
            <ByHandForm key={setup.setupId} setup={setup} accepted={put} />
          ) : (
            <div className="space-y-3">
              <p className="text-sm text-muted">
                The role lets us in only with an ExternalId that is made for this connection.
              </p>
              <Button busy={isBeginning} onClick={() => void begin()}>
                Make an ExternalId
              </Button>
            </div>
          )}
        </Disclosure>
      </Card>
    </>
  );
}

function Watched({ account, place, go }: { account: string; place: Place; go: Go }) {
  return (
    <>
      <AccountHealth account={account} />
      <div className="flex justify-end">
        <Button look="primary" onClick={() => void go({ ...place, account, step: "slack" })}>
          Go on to Slack
          <ArrowRight aria-hidden className="size-4" />
        </Button>
      </div>
    </>
  );
}

function AwsSkeleton() {
  return (
    <Card>
      <div role="status" aria-label="Loading" className="space-y-4">
        <Skeleton className="h-6 w-64" />
        <Skeleton className="h-20 w-full max-w-xl" />
        <Skeleton className="h-10 w-36" />
        <Skeleton className="h-32 w-full max-w-xl" />
      </div>
    </Card>
  );
}

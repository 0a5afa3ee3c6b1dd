import { OpenAws } from "@/features/connect/OpenAws";
import { type Place } from "@/features/connect/place";
import { standingOf, type Setup } from "@/features/connect/standing";
import { type Go } from "@/features/connect/usePlace";
import { useSetup } from "@/features/connect/useSetup";
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
const Upgrade = later(
  async () => (await import("@/features/connect/Upgrade")).Upgrade,
  <Skeleton className="h-44 w-full rounded-xl" />,
);

/** The first step: an account of AWS lets us look, and hands us its events. */
export function AwsStep({ place, go }: { place: Place; go: Go }) {
  const { setup, error, retry, put } = useSetup(place, go);
  const isConnected = setup?.stage === "connected";
  const account = isConnected ? setup.accountId : setup ? undefined : place.account;
  useEffect(() => {
    // From here on the address names the account: whoever comes back finds it.
    if (account && account !== place.account) void go({ ...place, account }, true);
  }, [account, place, go]);
  if (account) return <Watched account={account} place={place} go={go} />;
  if (error?.code === "upgrade_required") return <Upgrade why={error.message} />;
  if (!setup && error) {
    return (
      <Card>
        <Failed error={error} retry={retry} />
      </Card>
    );
  }
  if (!setup) return <AwsSkeleton />;
  return <Connecting key={setup.setupId} setup={setup} put={put} />;
}

function Connecting({ setup, put }: { setup: Setup; put: (setup: Setup) => Promise<void> }) {
  const standing = standingOf(setup, useNow());
  return (
    <>
      <OpenAws setup={setup} standing={standing} />
      <Card>
        <Disclosure title="Create the role by hand" open={standing === "refused"}>
          <ByHandForm setup={setup} accepted={put} />
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
      <div role="status" aria-label="Preparing a link to AWS" className="space-y-4">
        <Skeleton className="h-6 w-64" />
        <Skeleton className="h-20 w-full max-w-xl" />
        <Skeleton className="h-10 w-36" />
        <Skeleton className="h-32 w-full max-w-xl" />
      </div>
    </Card>
  );
}

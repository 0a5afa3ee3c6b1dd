import { type components } from "@/api/schema";
import { isPast, isUnderWay, nextLook, standingOf } from "@/features/zombies/scan";
import { type AccountScan } from "@/features/zombies/useScans";
import { EVERYTHING, type View } from "@/features/zombies/view";
import { Button, ButtonLink } from "@/ui/Button";
import { Empty } from "@/ui/states";
import { Ago, useNow } from "@/ui/time";
import { Ghost } from "lucide-react";

interface Props {
  readonly view: View;
  readonly onChange: (to: Partial<View>) => void;
  readonly accounts: readonly components["schemas"]["Account"][] | undefined;
  readonly scans: AccountScan[] | undefined;
}

/** There are none: why, and when somebody looks again. */
export function NothingFound({ view, onChange, accounts, scans }: Props) {
  const now = useNow();
  const icon = <Ghost aria-hidden className="size-8" />;
  if (view.account ?? view.check) {
    const all = (
      <Button onClick={() => onChange({ ...EVERYTHING, group: view.group })}>Show all</Button>
    );
    return (
      <Empty icon={icon} title="Nothing of this kind" action={all}>
        No find fits what you have chosen.
      </Empty>
    );
  }
  if (accounts?.length === 0) {
    const connect = (
      <ButtonLink look="primary" href="/dashboard/connect">
        Connect an account
      </ButtonLink>
    );
    return (
      <Empty icon={icon} title="No account yet" action={connect}>
        Once one is connected, we look through all of its regions for what costs money and does
        nothing.
      </Empty>
    );
  }
  const standings = (scans ?? []).map(({ scan }) => standingOf(scan));
  if (isUnderWay(standings)) {
    return (
      <Empty icon={icon} title="We are still looking">
        Finds appear here as they come, region by region. You need not wait.
      </Empty>
    );
  }
  const next = nextLook(standings);
  return (
    <Empty icon={icon} title="Nothing sleeps on your money">
      {next && !isPast(next, now) ? (
        <>
          We look again <Ago at={next} />.
        </>
      ) : next ? (
        "A new look is due."
      ) : (
        "We look again once an account is watched."
      )}
    </Empty>
  );
}

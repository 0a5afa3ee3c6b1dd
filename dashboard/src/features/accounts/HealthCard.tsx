import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { useGet } from "@/api/read";
import { CHECKING, checkingOf, type Asked } from "@/features/accounts/checking";
import { HealthSkeleton, HealthView } from "@/features/health/HealthView";
import { isStackToBlame, readEvery, type Health } from "@/features/health/words";
import { useSignedIn } from "@/session/SessionProvider";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Failed } from "@/ui/states";
import { Ago, useNow } from "@/ui/time";
import { useState } from "react";

/** Whether an account is watched as it should be, and another look at it. */
export function HealthCard({ id }: { id: string }) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const [asked, setAsked] = useState<Asked>();
  const [opened] = useState(() => Date.now());
  const path = { accountId: id };
  const { body, error, retry } = useGet(
    "/v1/accounts/{accountId}/health",
    { path },
    { refreshInterval: (kept?: { body: Health }) => pollEvery(kept?.body, asked, opened) },
  );
  const checking = checkingOf(asked, body?.checkedAt, useNow());
  const isLooking = checking === "running" || checking === "late";
  const check = async () => {
    const isDone = await act(
      () => taken(api.POST("/v1/accounts/{accountId}/check", { params: { path } })),
      { failed: "We could not look at it again." },
    );
    if (isDone) setAsked({ at: Date.now(), before: body?.checkedAt });
  };
  return (
    <Card
      title="Health"
      hint={
        body?.checkedAt ? (
          <>
            Looked at <Ago at={body.checkedAt} />.
          </>
        ) : (
          "Whether we can watch this account as we should."
        )
      }
      aside={
        <Button busy={busy || checking === "running"} aria-disabled={isLooking} onClick={check}>
          {isLooking ? "Looking again" : "Check again"}
        </Button>
      }
    >
      <p role="status" className="text-sm text-muted not-empty:mb-4">
        {CHECKING[checking]}
      </p>
      {body ? (
        <HealthView health={body} />
      ) : error ? (
        <Failed error={error} retry={retry} />
      ) : (
        <HealthSkeleton />
      )}
      {body && isStackToBlame(body) && (
        <ButtonLink href={`/dashboard/connect?step=aws&again=${id}`} className="mt-4">
          Create the stack anew
        </ButtonLink>
      )}
    </Card>
  );
}

function pollEvery(health: Health | undefined, asked: Asked | undefined, opened: number): number {
  const waits = asked !== undefined && health?.checkedAt === asked.before;
  const since = waits ? asked.at : opened;
  // What somebody asked for is waited for, however quiet the account is.
  return readEvery(waits ? undefined : health, { often: 5_000, since, now: Date.now() });
}

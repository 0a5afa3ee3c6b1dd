import { usePages } from "@/api/read";
import { DeleteExpectation } from "@/features/accounts/DeleteExpectation";
import { coveredWords, type Expectation } from "@/features/accounts/words";
import { money } from "@/format/money";
import { day } from "@/format/time";
import { count } from "@/format/words";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { LoadMore } from "@/ui/LoadMore";
import { Empty, Failed, SkeletonLines } from "@/ui/states";
import { useState } from "react";

const HINT =
  "What somebody has said is all right, in Slack or here. Within these limits and until then nobody is told.";

/** What needs no alert in an account. */
export function Expectations({ id }: { id: string }) {
  const expectations = usePages("/v1/accounts/{accountId}/expectations", {
    path: { accountId: id },
  });
  const { items, error, retry, change } = expectations;
  const [asked, setAsked] = useState<Expectation>();
  return (
    <Card title="Expected" hint={HINT}>
      {!items && error && <Failed error={error} retry={retry} />}
      {!items && !error && <SkeletonLines lines={2} />}
      {items?.length === 0 && (
        <Empty title="Nothing is expected">
          Press Expected on an alert, and what it was about stands here until it ends.
        </Empty>
      )}
      <ul className="divide-y divide-line">
        {items?.map((expectation) => (
          <Row
            key={expectation.id}
            expectation={expectation}
            onDelete={() => setAsked(expectation)}
          />
        ))}
      </ul>
      <LoadMore of={expectations} />
      <DeleteExpectation
        id={id}
        expectation={asked}
        onClose={() => setAsked(undefined)}
        gone={({ id: gone }) => change((each) => (each.id === gone ? undefined : each))}
      />
    </Card>
  );
}

function Row({ expectation, onDelete }: { expectation: Expectation; onDelete: () => void }) {
  const { maxCount, maxHourly, expiresAt, by } = expectation;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium break-words">{coveredWords(expectation)}</p>
        <p className="text-sm text-muted">
          At most {maxCount != null && `${count(maxCount, "resource")} and `}
          {money(maxHourly)} an hour, until {day(expiresAt)}. Said by {by}.
        </p>
      </div>
      <Button aria-label={`Take back: ${coveredWords(expectation)}`} onClick={onDelete}>
        Take back
      </Button>
    </li>
  );
}

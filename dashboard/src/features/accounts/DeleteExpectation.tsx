import { useAct } from "@/api/act";
import { taken } from "@/api/client";
import { coveredWords, type Expectation } from "@/features/accounts/words";
import { useSignedIn } from "@/session/SessionProvider";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

const ROUTE = "/v1/accounts/{accountId}/expectations/{expectationId}";

/** Asks once more: what is taken back cannot be said again from here. */
export function DeleteExpectation({
  id,
  expectation,
  onClose,
  gone,
}: {
  id: string;
  /** The one that is asked about. */
  expectation: Expectation | undefined;
  onClose: () => void;
  gone: (expectation: Expectation) => Promise<void>;
}) {
  const { api } = useSignedIn();
  const { busy, act } = useAct();
  const takeBack = async () => {
    if (!expectation) return;
    const path = { accountId: id, expectationId: expectation.id };
    const isDone = await act(
      async () => {
        await taken(api.DELETE(ROUTE, { params: { path } }));
        await gone(expectation);
      },
      { done: "It alerts again.", failed: "It is still expected." },
    );
    if (isDone) onClose();
  };
  return (
    <Dialog title="Take this back?" open={expectation !== undefined} onClose={onClose}>
      <p className="font-medium break-words">{expectation && coveredWords(expectation)}</p>
      <p className="mt-1 text-sm text-muted">
        The next time it happens somebody is told. To expect it again, press Expected on that alert.
      </p>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" busy={busy} onClick={takeBack}>
          Take back
        </Button>
      </div>
    </Dialog>
  );
}

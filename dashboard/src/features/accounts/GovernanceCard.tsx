import { taken } from "@/api/client";
import { useGet } from "@/api/read";
import { Modes } from "@/features/accounts/Modes";
import { useChange } from "@/features/accounts/useChange";
import { type Governance } from "@/features/accounts/words";
import { useSignedIn } from "@/session/SessionProvider";
import { Card } from "@/ui/Card";
import { Failed, Skeleton } from "@/ui/states";

const ROUTE = "/v1/accounts/{accountId}/governance";

/** What is sent of an account, and what is held back. */
export function GovernanceCard({ id }: { id: string }) {
  const { api } = useSignedIn();
  const path = { accountId: id };
  const { body, etag, error, retry, put } = useGet(ROUTE, { path });
  const { busy, change } = useChange(id);
  const set = async (wanted: Governance) => {
    const before = body;
    await put(wanted);
    const { mode, customerStrict } = wanted;
    const params = { path, header: etag ? { "If-Match": etag } : {} };
    const send = async () => {
      try {
        await taken(api.PUT(ROUTE, { params, body: { mode, customerStrict } }));
      } catch (error) {
        await put(before);
        throw error;
      }
    };
    await change(send, { failed: "It stays as it was." });
  };
  return (
    <Card
      title="What we tell you"
      hint="Quieter at any time. Louder only once enough is learned: else you would be told of what is usual."
    >
      {body ? (
        <Modes governance={body} busy={busy} set={set} />
      ) : error ? (
        <Failed error={error} retry={retry} />
      ) : (
        <Skeleton className="h-44 w-full" />
      )}
    </Card>
  );
}

import { taken } from "@/api/client";
import { useChange } from "@/features/accounts/useChange";
import { type Account } from "@/features/accounts/words";
import { moment } from "@/format/time";
import { useSignedIn } from "@/session/SessionProvider";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Ago } from "@/ui/time";

/** It goes; until when that can be taken back. */
export function Disconnecting({ account: { accountId, purgeAt } }: { account: Account }) {
  const { api } = useSignedIn();
  const { busy, change } = useChange(accountId);
  const undo = () =>
    change(
      () => taken(api.POST("/v1/accounts/{accountId}/undo", { params: { path: { accountId } } })),
      { done: "It is watched again.", failed: "It could not be taken back." },
    );
  return (
    <Banner
      tone="critical"
      title="This account is being disconnected"
      action={
        <Button busy={busy} onClick={undo}>
          Take it back
        </Button>
      }
    >
      Its events are refused.{" "}
      {purgeAt && (
        <>
          You can take it back until {moment(purgeAt)}
          {/* It changes by itself, and must not be read aloud each time. */}
          <span aria-hidden>
            {" "}
            (<Ago at={purgeAt} />)
          </span>
          ; after that its data are deleted.
        </>
      )}
    </Banner>
  );
}

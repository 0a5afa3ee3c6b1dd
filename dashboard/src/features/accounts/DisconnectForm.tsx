import { taken } from "@/api/client";
import { useChange } from "@/features/accounts/useChange";
import { type Account } from "@/features/accounts/words";
import { useSignedIn } from "@/session/SessionProvider";
import { ConfirmByWord } from "@/ui/ConfirmByWord";

const WHAT_HAPPENS = [
  "Its events are refused at once: nobody is told of anything that is started there.",
  "For a grace period you can take it back on this page, with all that we have learned.",
  "Then its anomalies, its baseline and what was expected are deleted, within 72 hours from now.",
  "Nothing changes in AWS: delete the stack dd0c-cost-readonly there yourself.",
];

/** Disconnects for who has typed the account's number. */
export function DisconnectForm({
  account: { accountId },
  onClose,
}: {
  account: Account;
  onClose: () => void;
}) {
  const { api } = useSignedIn();
  const { busy, change } = useChange(accountId);
  const disconnect = () =>
    change(
      () => taken(api.DELETE("/v1/accounts/{accountId}", { params: { path: { accountId } } })),
      { failed: "It was not disconnected." },
    );
  return (
    <ConfirmByWord
      happens={WHAT_HAPPENS}
      word={accountId}
      wrong="This is not the number of this account."
      action="Disconnect"
      keep="Keep it"
      busy={busy}
      inputMode="numeric"
      onConfirm={disconnect}
      onClose={onClose}
    />
  );
}

import { type AccountNames } from "@/features/anomalies/accountNames";
import {
  channelProblem,
  LOUDNESS,
  rivalProblem,
  type Route,
  type Severity,
} from "@/features/settings/routes";
import { Button } from "@/ui/Button";
import { SelectField, TextField } from "@/ui/Field";
import { useState } from "react";

/** Asks for a channel and which alerts it gets. */
export function ChannelForm({
  route,
  others,
  names,
  busy,
  onSave,
  onCancel,
}: {
  /** The one that is changed; none for a new one. */
  route: Route | undefined;
  /** Those that stay as they are. */
  others: readonly Route[];
  names: AccountNames;
  busy: boolean;
  onSave: (route: Route) => void;
  onCancel: () => void;
}) {
  const [channel, setChannel] = useState(route?.channel ?? "");
  const [accountId, setAccountId] = useState(route?.accountId ?? "");
  const [atLeast, setAtLeast] = useState<Severity>(route?.atLeast ?? "info");
  const [wasSent, setWasSent] = useState(false);
  const wanted: Route = { channel: channel.trim(), accountId: accountId || null, atLeast };
  const wrongChannel = channelProblem(wanted.channel);
  const rival = rivalProblem(wanted, others);
  const isThere = route ? names.accounts.some((each) => each.accountId === route.accountId) : true;
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        setWasSent(true);
        if (!wrongChannel && !rival) onSave(wanted);
      }}
    >
      <TextField
        label="Channel ID"
        placeholder="C0123456789"
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        className="font-mono"
        value={channel}
        problem={wasSent ? wrongChannel : undefined}
        hint={<WhereItIs />}
        onChange={({ target }) => setChannel(target.value)}
      />
      <SelectField
        label="Account"
        value={accountId}
        onChange={({ target }) => setAccountId(target.value)}
      >
        <option value="">All accounts</option>
        {!isThere && route?.accountId && <option>{route.accountId}</option>}
        {names.accounts.map((account) => (
          <option key={account.accountId} value={account.accountId}>
            {account.alias ? `${account.alias} (${account.accountId})` : account.accountId}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Which alerts"
        value={atLeast}
        problem={wasSent ? rival : undefined}
        onChange={({ target }) => setAtLeast(target.value as Severity)}
      >
        {LOUDNESS.map((each) => (
          <option key={each.atLeast} value={each.atLeast}>
            {each.words}
          </option>
        ))}
      </SelectField>
      <div className="flex flex-wrap justify-end gap-2 pt-1">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" busy={busy}>
          {route ? "Save" : "Add channel"}
        </Button>
      </div>
    </form>
  );
}

function WhereItIs() {
  return (
    <>
      In Slack, press the channel’s name: the ID stands at the end of About. We can post only where
      we are: say <code className="font-mono text-ink">/invite @dd0c</code> in that channel.
    </>
  );
}

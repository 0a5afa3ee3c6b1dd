import { taken } from "@/api/client";
import { asApiError } from "@/api/problem";
import {
  fieldOf,
  problemsOf,
  requestOf,
  roleOf,
  type ByHand,
  type Problems,
} from "@/features/connect/byHand";
import { type Setup } from "@/features/connect/standing";
import { TrustPolicy } from "@/features/connect/TrustPolicy";
import { useSignedIn } from "@/session/SessionProvider";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { useState, type FormEvent } from "react";

/** For a role that somebody made himself, or whose stack could not call back. */
export function ByHandForm({
  setup,
  accepted,
}: {
  setup: Setup;
  /** The role is looked at now. */
  accepted: (setup: Setup) => Promise<void>;
}) {
  const { api } = useSignedIn();
  const [typed, setTyped] = useState<ByHand>(() => beginWith(setup.accountId));
  const [wasSent, setWasSent] = useState(false);
  const [answer, setAnswer] = useState<Problems & { readonly whole?: string }>({});
  const [busy, setBusy] = useState(false);
  const problems = { ...answer, ...(wasSent ? problemsOf(typed) : {}) };

  const type = (field: keyof ByHand, value: string) => {
    setTyped({ ...typed, [field]: value });
    setAnswer({});
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setWasSent(true);
    if (Object.keys(problemsOf(typed)).length > 0) return;
    setBusy(true);
    try {
      const body = requestOf(typed, setup.setupId);
      await accepted((await taken(api.POST("/v1/accounts", { body }))).body);
    } catch (thrown) {
      const { message, field } = asApiError(thrown);
      setAnswer({ [fieldOf(field) ?? "whole"]: message });
    } finally {
      setBusy(false);
    }
  };
  const field = (name: keyof ByHand) => ({
    value: typed[name],
    problem: problems[name],
    onChange: (event: { target: { value: string } }) => type(name, event.target.value),
    autoComplete: "off",
    spellCheck: false,
    className: "font-mono",
  });

  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <TrustPolicy setup={setup} />
      <form noValidate onSubmit={send} className="space-y-4">
        <h3 className="font-semibold">2. Tell us which role it is</h3>
        <TextField label="Account number" inputMode="numeric" {...field("account")} />
        <TextField label="ARN of the role" {...field("role")} />
        <TextField
          label="Regions"
          placeholder="eu-west-1, us-east-1"
          hint="Only those that you want watched; empty for all that are switched on."
          {...field("regions")}
        />
        {problems.whole && <Banner tone="critical" title={problems.whole} />}
        <Button type="submit" look="primary" busy={busy || setup.stage === "checking"}>
          {setup.stage === "checking" ? "We look at the role" : "Check the role"}
        </Button>
      </form>
    </div>
  );
}

/** The fields as they are if the account is known already. */
function beginWith(account: string | null | undefined): ByHand {
  const role = account ? roleOf(account) : "";
  return { account: account ?? "", role, regions: "" };
}

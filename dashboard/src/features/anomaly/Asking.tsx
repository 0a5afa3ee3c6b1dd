import {
  EXPECTED_DAYS,
  HOUR,
  minutesOf,
  SNOOZES,
  type Action,
  type Detail,
} from "@/features/anomaly/optimistic";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { SelectField, TextField } from "@/ui/Field";
import { useState, type FormEvent, type ReactNode } from "react";

/** Asks what must be known before something is done; loaded once somebody wants to do it. */
export default function Asking({
  asks,
  anomaly,
  ...rest
}: Asks & { asks: Action["kind"]; anomaly: Detail }) {
  if (asks === "expected") return <ExpectedDialog anomaly={anomaly} {...rest} />;
  return asks === "snooze" ? <SnoozeDialog {...rest} /> : <NotExpectedDialog {...rest} />;
}

interface Asks {
  open: boolean;
  onClose: () => void;
  run: (action: Action) => void;
}

/** Asks how long it is expected, and says what that means. */
function ExpectedDialog({ anomaly, open, onClose, run }: Asks & { anomaly: Detail }) {
  const [days, setDays] = useState(90);
  return (
    <Dialog title="This was expected" open={open} onClose={onClose}>
      <Form does="Expected" onClose={onClose} onDone={() => run({ kind: "expected", days })}>
        <SelectField
          label="For how long"
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {EXPECTED_DAYS.map((each) => (
            <option key={each} value={each}>
              {each === 365 ? "1 year" : `${each} days`}
            </option>
          ))}
        </SelectField>
        <p>
          For that time you hear nothing when <b>{anomaly.actor.name}</b> starts the same type in
          the same region, up to half as much again as now within an hour. More than that still
          alerts.
        </p>
        <p className="text-muted">
          Nothing is stopped or changed on AWS. You can take it back on the account&apos;s page, or
          by answering “Not expected” here.
        </p>
      </Form>
    </Dialog>
  );
}

/** Asks before an earlier answer is taken back. */
function NotExpectedDialog({ open, onClose, run }: Asks) {
  return (
    <Dialog title="Not expected after all" open={open} onClose={onClose}>
      <Form does="Not expected" onClose={onClose} onDone={() => run({ kind: "not_expected" })}>
        <p>
          Somebody has said that this was expected. That is taken back: more of the same alerts
          again, and none of it is learned as usual.
        </p>
        <p className="text-muted">Nothing is stopped on AWS: the card says how to do that.</p>
      </Form>
    </Dialog>
  );
}

/** Asks how long nothing is to be heard. */
function SnoozeDialog({ open, onClose, run }: Asks) {
  const [amount, setAmount] = useState("3");
  const [unit, setUnit] = useState<"hours" | "days">("days");
  const minutes = minutesOf(amount, unit);
  return (
    <Dialog title="Snooze" open={open} onClose={onClose}>
      <Form
        does="Snooze"
        disabled={minutes === undefined}
        onClose={onClose}
        onDone={() => minutes !== undefined && run({ kind: "snooze", minutes })}
      >
        <p>You hear of it again once this time is over and it still runs, or when it gets worse.</p>
        <div className="grid grid-cols-3 gap-2 md:hidden" role="group" aria-label="Snooze for">
          {SNOOZES.map((hours) => (
            <Button key={hours} onClick={() => run({ kind: "snooze", minutes: hours * HOUR })}>
              {hours} h
            </Button>
          ))}
        </div>
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label="For"
            inputMode="decimal"
            value={amount}
            onChange={(event) => setAmount(event.target.value)}
            problem={minutes === undefined ? "From 1 minute to 30 days." : undefined}
          />
          <SelectField
            label="Unit"
            value={unit}
            onChange={(event) => setUnit(event.target.value as "hours" | "days")}
          >
            <option value="hours">hours</option>
            <option value="days">days</option>
          </SelectField>
        </div>
      </Form>
    </Dialog>
  );
}

function Form({
  does,
  disabled,
  onClose,
  onDone,
  children,
}: {
  does: string;
  disabled?: boolean;
  onClose: () => void;
  onDone: () => void;
  children: ReactNode;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!disabled) onDone();
  };
  return (
    <form onSubmit={submit} className="space-y-4 text-sm">
      {children}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={disabled}>
          {does}
        </Button>
      </div>
    </form>
  );
}

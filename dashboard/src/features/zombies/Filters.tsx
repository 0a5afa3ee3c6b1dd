import { type components } from "@/api/schema";
import { type Kind } from "@/features/zombies/group";
import { type Grouping, type View } from "@/features/zombies/view";
import { plain, sentence } from "@/format/words";
import { SelectField } from "@/ui/Field";

interface Choice {
  readonly value: string;
  readonly name: string;
}

const GROUPS: readonly { value: Grouping; name: string }[] = [
  { value: "none", name: "Dearest first" },
  { value: "check", name: "By kind" },
  { value: "account", name: "By account" },
];

/** Which zombies are shown, and in which order; it stands in the address. */
export function Filters({
  view,
  onChange,
  accounts,
  kinds,
}: {
  view: View;
  onChange: (to: Partial<View>) => void;
  accounts: readonly components["schemas"]["Account"][];
  kinds: readonly Kind[];
}) {
  const ofAccounts = accounts.map(({ accountId, alias }) => ({
    value: accountId,
    name: alias ? `${alias} (${accountId})` : accountId,
  }));
  const ofKinds = kinds.map(({ check, title }) => ({ value: check, name: title }));
  return (
    <div role="group" aria-label="Filters" className="grid grid-cols-2 gap-3 sm:grid-cols-3">
      <Choose
        className="col-span-2 sm:col-span-1"
        label="Account"
        all="All accounts"
        value={view.account}
        choices={ofAccounts}
        onChange={(account) => onChange({ account })}
      />
      <Choose
        label="Kind"
        all="All kinds"
        value={view.check}
        choices={ofKinds}
        onChange={(check) => onChange({ check })}
      />
      <SelectField
        label="Order"
        value={view.group}
        onChange={({ target }) => onChange({ group: target.value as Grouping })}
      >
        {GROUPS.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function Choose({
  className,
  label,
  all,
  value,
  choices,
  onChange,
}: {
  className?: string;
  label: string;
  all: string;
  value: string | undefined;
  choices: readonly Choice[];
  onChange: (to: string | undefined) => void;
}) {
  const known = value === undefined || choices.some((choice) => choice.value === value);
  return (
    <div className={className}>
      <SelectField
        label={label}
        value={value ?? ""}
        onChange={({ target }) => onChange(target.value || undefined)}
      >
        <option value="">{all}</option>
        {/* What the address names stays chosen, whether or not there is such a thing. */}
        {!known && <option value={value}>{sentence(plain(value))}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.name}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

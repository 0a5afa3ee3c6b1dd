import { lengthOf, problemOf, USUAL, type QuietHours } from "@/features/settings/quietHours";
import { TextField } from "@/ui/Field";
import { useId } from "react";

/** Whether there are quiet hours, and from when until when. */
export function QuietHoursField({
  value,
  onChange,
}: {
  value: QuietHours | undefined;
  onChange: (hours: QuietHours | undefined) => void;
}) {
  const id = useId();
  const problem = value && problemOf(value);
  return (
    <fieldset className="space-y-3">
      <legend className="sr-only">Quiet hours</legend>
      <label className="flex min-h-10 items-start gap-3 text-sm">
        <input
          type="checkbox"
          aria-labelledby={`${id}-name`}
          aria-describedby={`${id}-does`}
          checked={value !== undefined}
          onChange={({ target }) => onChange(target.checked ? USUAL : undefined)}
          className="mt-0.5 size-5 shrink-0 accent-accent"
        />
        <span>
          <span id={`${id}-name`} className="block font-medium">
            Quiet hours
          </span>
          <span id={`${id}-does`} className="text-muted">
            What is only worth knowing waits until they end. Warnings and critical alerts always
            come at once.
          </span>
        </span>
      </label>
      {value && (
        <div className="grid grid-cols-2 gap-3 pl-8">
          <TextField
            label="From"
            type="time"
            required
            value={value.from}
            problem={problem}
            onChange={({ target }) => onChange({ ...value, from: target.value })}
          />
          <TextField
            label="Until"
            type="time"
            required
            value={value.until}
            hint={problem ? undefined : `${lengthOf(value)} a day`}
            onChange={({ target }) => onChange({ ...value, until: target.value })}
          />
        </div>
      )}
    </fieldset>
  );
}

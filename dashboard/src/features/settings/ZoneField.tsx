import { clockOf, findZones, knownZones, zoneWords } from "@/features/settings/zones";
import { useZoneList } from "@/features/settings/useZoneList";
import { classes } from "@/ui/classes";
import { TextField } from "@/ui/Field";
import { useNow } from "@/ui/time";
import { useId, useMemo } from "react";

/** A time zone, found by typing a part of its name. */
export function ZoneField({
  value,
  onChange,
}: {
  value: string;
  onChange: (zone: string) => void;
}) {
  const id = useId();
  const zones = useMemo(() => knownZones([value]), [value]);
  const list = useZoneList(onChange);
  const found = useMemo(() => findZones(zones, list.typed ?? ""), [zones, list.typed]);
  const clock = clockOf(value, useNow());
  const chosen = found[list.at];
  return (
    <div className="relative">
      <TextField
        label="Time zone"
        hint={clock ? `It is ${clock} there now.` : "Its clock is not known to this browser."}
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-autocomplete="list"
        aria-expanded={list.open}
        aria-controls={id}
        aria-activedescendant={list.open && chosen ? `${id}-${list.at}` : undefined}
        value={list.typed ?? zoneWords(value)}
        placeholder={zoneWords(value)}
        onChange={({ target }) => list.type(target.value)}
        onFocus={({ target }) => target.select()}
        onClick={list.show}
        onBlur={list.close}
        onKeyDown={(event) => list.key(event, found)}
      />
      <ul
        id={id}
        role="listbox"
        aria-label="Time zones"
        className={classes(
          "absolute inset-x-0 top-[4.4rem] z-20 max-h-64 overflow-y-auto rounded-lg border border-line bg-surface p-1 text-sm shadow-lg",
          !list.open && "hidden",
        )}
      >
        {found.map((zone, place) => (
          <ZoneOption
            key={zone}
            id={`${id}-${place}`}
            zone={zone}
            chosen={place === list.at}
            current={zone === value}
            onChoose={() => list.choose(zone)}
          />
        ))}
      </ul>
      {list.open && found.length === 0 && (
        <p
          role="status"
          className="absolute inset-x-0 top-[4.4rem] z-20 rounded-lg border border-line bg-surface p-3 text-sm shadow-lg"
        >
          No time zone is called that. Try the largest city near you.
        </p>
      )}
    </div>
  );
}

function ZoneOption({
  id,
  zone,
  chosen,
  current,
  onChoose,
}: {
  id: string;
  zone: string;
  chosen: boolean;
  current: boolean;
  onChoose: () => void;
}) {
  return (
    <li
      id={id}
      role="option"
      aria-selected={current}
      ref={(shown) => {
        if (chosen) shown?.scrollIntoView({ block: "nearest" });
      }}
      // The field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className={classes(
        "cursor-pointer rounded-md px-2.5 py-2",
        chosen ? "bg-accent-soft text-accent-strong" : "hover:bg-sunken",
        current && "font-semibold",
      )}
    >
      {zoneWords(zone)}
    </li>
  );
}

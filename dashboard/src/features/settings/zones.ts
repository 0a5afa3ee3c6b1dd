/** Browsers keep names that were given up long ago; people look for those of today. */
const RENAMED: Readonly<Record<string, string>> = {
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
};

/** All names of time zones that this browser knows, and those that it is to know besides. */
export function knownZones(besides: readonly string[] = []): string[] {
  const ours = Intl.supportedValuesOf("timeZone").map((zone) => RENAMED[zone] ?? zone);
  return [...new Set(["UTC", ...besides, ...ours])];
}

/** Letters as they are typed: `São_Paulo` is found by `sao paulo`. */
function simple(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{Mark}/gu, "")
    .replaceAll(/[_/\s]+/g, " ")
    .trim()
    .toLowerCase();
}

/** How well a zone fits; the less the better, none if it does not. */
function rank(zone: string, wanted: string): number | undefined {
  const whole = simple(zone);
  const city = simple(zone.slice(zone.lastIndexOf("/") + 1));
  if (whole === wanted || city === wanted) return 0;
  if (city.startsWith(wanted)) return 1;
  if (whole.startsWith(wanted)) return 2;
  return whole.includes(wanted) ? 3 : undefined;
}

/** Zones that fit what was typed, the best first; all of them for nothing. */
export function findZones(zones: readonly string[], typed: string, most = 50): string[] {
  const wanted = simple(typed);
  if (wanted === "") return zones.slice(0, most);
  return zones
    .map((zone) => ({ zone, rank: rank(zone, wanted) }))
    .filter((found): found is { zone: string; rank: number } => found.rank !== undefined)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, most)
    .map(({ zone }) => zone);
}

/** What the clock there shows, `14:05`; none where this browser does not know the zone. */
export function clockOf(zone: string, now: number): string | undefined {
  try {
    const there = { timeZone: zone, hour: "2-digit", minute: "2-digit" } as const;
    return new Intl.DateTimeFormat("en-GB", there).format(now);
  } catch {
    return undefined;
  }
}

/** As people read it: `America/New York`. */
export function zoneWords(zone: string): string {
  return zone.replaceAll("_", " ");
}

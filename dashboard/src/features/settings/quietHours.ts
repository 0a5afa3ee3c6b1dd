/** Hours of a day, `22:00` to `07:00`; they may pass midnight. */
export interface QuietHours {
  readonly from: string;
  readonly until: string;
}

/** What somebody begins with. */
export const USUAL: QuietHours = { from: "22:00", until: "07:00" };

const TIME = /^([01]?[0-9]|2[0-3]):([0-5][0-9])$/;

function time(text: string): string | undefined {
  const found = TIME.exec(text.trim());
  return found?.[1] && found[2] ? `${found[1].padStart(2, "0")}:${found[2]}` : undefined;
}

/** From the words of the API, `22:00-07:00`; none where they are none. */
export function parseQuietHours(text: string | null | undefined): QuietHours | undefined {
  const [from, until, more] = (text ?? "").split(/[-–]/).map(time);
  return from && until && more === undefined ? { from, until } : undefined;
}

/** For the API. */
export function quietHoursText({ from, until }: QuietHours): string {
  return `${from}-${until}`;
}

/** What is wrong with them, for whoever typed them; nothing if they will do. */
export function problemOf({ from, until }: QuietHours): string | undefined {
  const [begin, end] = [time(from), time(until)];
  if (!begin || !end) return "Name both times, such as 22:00 and 07:00.";
  return begin === end ? "Quiet hours of a whole day are none: choose two times." : undefined;
}

/** How long they are: `9 h`, `7 h 30 min`. */
export function lengthOf({ from, until }: QuietHours): string {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const day = 24 * 60;
  const length = (minutes(until) - minutes(from) + day) % day;
  const [hours, rest] = [Math.floor(length / 60), length % 60];
  return [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(" ");
}

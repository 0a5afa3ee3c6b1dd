import { PERSONAL } from "@/session/personal";

const KEY = `${PERSONAL}setup`;

/** A setup that was begun in this browser, and the account that it is for, if it is one to be made anew. */
interface KeptSetup {
  readonly setup: string;
  readonly again?: string | undefined;
}

/** Keeps the setup that was begun last: who comes back later goes on with it. It opens nothing by itself. */
export function keepSetup({ setup, again }: KeptSetup): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ setup, again }));
  } catch {
    // Then another one is begun.
  }
}

/** The setup that was begun for the same; nothing of it is trusted: the API says how it stands. */
export function keptSetup(again: string | undefined): string | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<KeptSetup>;
    return typeof kept.setup === "string" && kept.again === again ? kept.setup : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets a setup that is over; another one that was begun meanwhile stays. */
export function forgetSetup(setup: string): void {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<KeptSetup>;
    if (kept.setup === setup) localStorage.removeItem(KEY);
  } catch {
    // What cannot be read was not kept.
  }
}

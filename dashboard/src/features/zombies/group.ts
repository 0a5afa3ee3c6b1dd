import { type components } from "@/api/schema";
import { type Grouping } from "@/features/zombies/view";

/** Something that costs money and does nothing. */
export type Zombie = components["schemas"]["Zombie"];

/** Zombies that stand together. */
export interface Group {
  /** The check, the account, or nothing. */
  readonly key: string;
  /** As people call it; none where nothing is grouped. */
  readonly title: string | undefined;
  /** What they have in common, in a sentence. */
  readonly hint: string | undefined;
  readonly zombies: readonly Zombie[];
}

/** A kind of zombie, by its check. */
export interface Kind {
  readonly check: string;
  readonly title: string;
  readonly count: number;
}

/**
 * Zombies in groups, each in the order in which they came; the group with the dearest one comes first,
 * since they come with the dearest first.
 */
export function grouped(
  zombies: readonly Zombie[],
  by: Grouping,
  nameOfAccount: (id: string) => string,
): Group[] {
  if (by === "none") {
    return zombies.length > 0 ? [{ key: "", title: undefined, hint: undefined, zombies }] : [];
  }
  const found = new Map<string, Zombie[]>();
  for (const zombie of zombies) {
    const key = by === "check" ? zombie.check : zombie.accountId;
    found.set(key, [...(found.get(key) ?? []), zombie]);
  }
  return [...found].map(([key, members]) => ({
    key,
    title: by === "check" ? members[0]?.title : nameOfAccount(key),
    hint: by === "check" ? members[0]?.rule : undefined,
    zombies: members,
  }));
}

/** The kinds among them, by their titles. */
export function kindsOf(zombies: readonly Zombie[]): Kind[] {
  const counts = new Map<string, Kind>();
  for (const { check, title } of zombies) {
    counts.set(check, { check, title, count: (counts.get(check)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((one, other) => one.title.localeCompare(other.title));
}

/** One of them and no other, for lists. */
export function keyOf({ accountId, region, check, resource }: Zombie): string {
  return [accountId, region, check, resource].join(" ");
}

import { type components } from "@/api/schema";

/** A key as it is listed. */
export type ApiKey = components["schemas"]["ApiKey"];

/** Keys that open something, the newest first; then those that were revoked. */
export function ordered(keys: readonly ApiKey[]): ApiKey[] {
  return [...keys].sort(
    (one, other) =>
      Number(Boolean(one.revokedAt)) - Number(Boolean(other.revokedAt)) ||
      other.createdAt.localeCompare(one.createdAt),
  );
}

/** The list with one of them revoked at a moment, or not at all. */
export function withRevokedAt(
  keys: readonly ApiKey[],
  id: string,
  revokedAt: string | null,
): ApiKey[] {
  return keys.map((key) => (key.id === id ? { ...key, revokedAt } : key));
}

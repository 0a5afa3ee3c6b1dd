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

/** The list as it will be once one of them is revoked. */
export function withRevoked(keys: readonly ApiKey[], id: string, at: string): ApiKey[] {
  return keys.map((key) => (key.id === id ? { ...key, revokedAt: key.revokedAt ?? at } : key));
}

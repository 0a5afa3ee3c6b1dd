import { ordered, withRevokedAt, type ApiKey } from "@/features/settings/keyOrder";
import { expect, test } from "vitest";

function key(id: string, createdAt: string, revokedAt: string | null = null): ApiKey {
  return { id, name: id, hint: "dd0c_Ab3f…", scopes: [], createdBy: "ana", createdAt, revokedAt };
}

const KEYS = [
  key("old", "2026-01-01T00:00:00Z"),
  key("gone", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"),
  key("new", "2026-04-01T00:00:00Z"),
];

test("keys that open something come first, the newest before the others", () => {
  expect(ordered(KEYS).map(({ id }) => id)).toEqual(["new", "old", "gone"]);
});

test("one key is revoked, and is as before where that is taken back", () => {
  const at = "2026-06-01T00:00:00Z";
  const revoked = withRevokedAt(KEYS, "old", at);
  expect(revoked.map(({ revokedAt }) => revokedAt)).toEqual([at, "2026-05-02T00:00:00Z", null]);
  expect(withRevokedAt(revoked, "old", null)).toEqual(KEYS);
});

import { ordered, withRevoked, type ApiKey } from "@/features/settings/keyOrder";
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

test("a revoked key says since when, and only the first time counts", () => {
  const at = "2026-06-01T00:00:00Z";
  const revoked = withRevoked(withRevoked(KEYS, "old", at), "gone", at);
  expect(revoked.map(({ revokedAt }) => revokedAt)).toEqual([at, "2026-05-02T00:00:00Z", null]);
});

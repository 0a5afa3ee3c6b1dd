import { exampleOf } from "@/features/settings/scopes";
import { expect, test } from "vitest";

const BASE = "https://api.example.com";

test("an example reads what the key opens", () => {
  const text = exampleOf(BASE, "dd0c_x", ["anomalies:write", "zombies:read"]);
  expect(text).toContain("https://api.example.com/v1/zombies");
  expect(text).toContain('"Authorization: Bearer dd0c_x"');
  expect(text).not.toContain("POST");
});

test("a key that only answers posts", () => {
  expect(exampleOf(BASE, "dd0c_x", ["anomalies:write"])).toContain("--request POST");
});

import { parseConfig } from "@/session/config";
import { nameOf, ownPath } from "@/session/login";
import { describe, expect, it } from "vitest";

describe("where somebody is led after signing in", () => {
  it.each(["/dashboard/anomaly?id=an_1", "/dashboard", "/"])("%s is ours", (path) => {
    expect(ownPath(path)).toBe(path);
  });

  it.each([
    undefined,
    "",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:1",
  ])("%s is not", (asked) => {
    expect(ownPath(asked)).toBe("/dashboard");
  });
});

describe("a name", () => {
  it("is the best that the issuer knows", () => {
    expect(nameOf({ email: "ana@example.com", name: "Ana" })).toBe("Ana");
    expect(nameOf({ email: "ana@example.com", name: "" })).toBe("ana@example.com");
    expect(nameOf({ "cognito:username": "GitHub_7" })).toBe("GitHub_7");
    expect(nameOf(undefined)).toBeUndefined();
  });
});

describe("/config.json", () => {
  const good = {
    apiUrl: "https://api.example.com/",
    issuer: "https://id.example.com",
    clientId: "c",
  };

  it("is local only where it says so", () => {
    expect(parseConfig(good)).toEqual({ ...good, apiUrl: "https://api.example.com", local: false });
    expect(parseConfig({ ...good, local: true }).local).toBe(true);
  });

  it.each(["apiUrl", "issuer", "clientId"])("is refused without %s", (name) => {
    expect(() => parseConfig({ ...good, [name]: undefined })).toThrow("/config.json must name");
  });
});

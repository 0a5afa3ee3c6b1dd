// Signing in, staying in, and being out everywhere.

import { arrive, ask, enter, expect, open, test, tokens } from "./support/test";

test("who opens a page is led to sign in, and back to that page", async ({ page }) => {
  await open(page, "/dashboard/anomalies?severity=critical");
  await expect(page.getByRole("heading", { level: 1, name: "Anomalies" })).toBeVisible();
});

test("signing out ends it in every tab and at the issuer", async ({ page, context }) => {
  await enter(page);
  const other = await context.newPage();
  await open(other, "/dashboard/zombies");
  const refresh = [(await tokens(page)).refreshToken, (await tokens(other)).refreshToken];

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  // It is not led to the issuer, which might let it in again before the other has left there.
  await expect(other.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  expect(await other.evaluate(() => sessionStorage.length)).toBe(0);

  for (const refresh_token of refresh) {
    const again = async () => {
      const form = { grant_type: "refresh_token", client_id: "dashboard", refresh_token };
      return (await page.request.post("/login/oauth2/token", { form })).status();
    };
    await expect.poll(again).toBe(400);
  }
  expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);

  // Nor does the issuer know anybody any more.
  await page.goto("/dashboard");
  await page.waitForURL(/\/login\//);
  await expect(page.getByLabel("Somebody else")).toBeVisible();
});

test("who is signed in in one tab is not asked in the next, and has tokens of his own there", async ({
  page,
  context,
}) => {
  await enter(page);
  const other = await context.newPage();
  await other.goto("/dashboard/zombies");
  await expect(other.getByRole("button", { name: "Sign out" })).toBeVisible();
  expect(new URL(other.url()).pathname).toBe("/dashboard/zombies");
  expect((await tokens(other)).refreshToken).not.toBe((await tokens(page)).refreshToken);
});

test("a token that is about to end is renewed before it is used", async ({ page }) => {
  await enter(page);
  const before = await tokens(page);
  await tokens(page, { ...before, expiresAt: Date.now() / 1000 + 30 });
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect.poll(async () => (await tokens(page)).accessToken).not.toBe(before.accessToken);
  const after = await tokens(page);
  expect(after.expiresAt).toBeGreaterThan(Date.now() / 1000 + 60);
});

test("a token that is refused is renewed, and nobody notices", async ({ page, expected }) => {
  expected.push(/401/);
  await enter(page);
  await tokens(page, { ...(await tokens(page)), accessToken: "stale" });
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect.poll(async () => (await tokens(page)).accessToken).not.toBe("stale");
});

test("a session that has ended says so, and leads back to where one was", async ({
  page,
  expected,
}) => {
  expected.push(/401/, /400/);
  await open(page, "/dashboard/zombies");
  await tokens(page, { ...(await tokens(page)), accessToken: "stale", refreshToken: "revoked" });
  await page.reload();
  await expect(page.getByRole("heading", { name: "Your session has ended" })).toBeVisible();
  await page.getByRole("button", { name: "Sign in again" }).click();
  await arrive(page, "/dashboard/zombies");
  expect(await ask<{ name: string }>(page, "/v1/status")).toHaveProperty("name");
});

test("an answer that belongs to no question lets nobody in", async ({ page }) => {
  await page.goto("/callback?code=stolen&state=made-up");
  await expect(page.getByRole("heading", { name: "Signing in did not work" })).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.getItem("dd0c.tokens"))).toBeNull();
});

// Whatever can be pressed: it shows at once, it holds, and where the server refuses it is as it was.

import { type Locator, type Page } from "@playwright/test";
import { answerProblem, ask, enter, expect, open, settled, test } from "./support/test";

interface Anomaly {
  readonly id: string;
  readonly status: string;
  readonly snoozedUntil?: string | null;
  readonly answer?: { readonly answer: string } | null;
}

/** Tests of one worker share its tenant: each takes an open anomaly that no other has. */
let taken = 0;

async function openAnomaly(page: Page): Promise<string> {
  await enter(page);
  const { items } = await ask<{ items: Anomaly[] }>(page, "/v1/anomalies?status=open&limit=100");
  const unanswered = items.filter(({ answer }) => !answer);
  const one = unanswered[taken++ % unanswered.length];
  expect(one, "the sample has open anomalies without an answer").toBeDefined();
  await page.goto(`/dashboard/anomaly?id=${one?.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("$");
  return one?.id ?? "";
}

function anomaly(page: Page, id: string): Promise<Anomaly> {
  return ask<Anomaly>(page, `/v1/anomalies/${id}`);
}

function dialog(page: Page, title: string): Locator {
  return page.getByRole("dialog", { name: title });
}

/** Lets one kind of request wait for what this gives to be called, and then fail. */
async function refuse(page: Page, path: string, method: string): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(path, async (route) => {
    if (route.request().method() !== method) return route.continue();
    await released;
    await answerProblem(route, 503, "unavailable");
  });
  return release;
}

test.describe("an anomaly", () => {
  test("is expected, and that holds", async ({ page }) => {
    const id = await openAnomaly(page);
    await page.getByRole("button", { name: "Expected", exact: true }).click();
    const asked = dialog(page, "This was expected");
    await asked.getByLabel("For how long").selectOption("30");
    await asked.getByRole("button", { name: "Expected" }).click();
    await expect(page.getByText("Expected", { exact: true }).first()).toBeVisible();
    await expect.poll(async () => (await anomaly(page, id)).status).toBe("expected");
    await page.reload();
    await expect(page.getByRole("button", { name: "Expected for…" })).toBeVisible();
  });

  test("is not expected", async ({ page }) => {
    const id = await openAnomaly(page);
    await page.getByRole("button", { name: "Not expected" }).click();
    await expect.poll(async () => (await anomaly(page, id)).answer?.answer).toBe("not_expected");
    await expect(page.getByRole("button", { name: "Not expected" })).toBeDisabled();
  });

  test("is snoozed for an hour", async ({ page }) => {
    const id = await openAnomaly(page);
    await page.getByRole("button", { name: "1 h", exact: true }).click();
    await expect.poll(async () => (await anomaly(page, id)).status).toBe("snoozed");
    await expect(page.getByText(/^Snoozed until/).first()).toBeVisible();
    const until = Date.parse((await anomaly(page, id)).snoozedUntil ?? "");
    expect(Math.abs(until - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });

  test("is as it was when the server refuses, and says why", async ({ page, expected }) => {
    expected.push(/503/);
    const id = await openAnomaly(page);
    const release = await refuse(page, `**/v1/anomalies/${id}/snooze`, "POST");
    await page.getByRole("button", { name: "24 h", exact: true }).click();
    // At once …
    await expect(page.getByText(/^Snoozed until/).first()).toBeVisible();
    release();
    // … and taken back.
    await expect(page.getByRole("alert").filter({ hasText: "No" }).first()).toBeVisible();
    await expect(page.getByText(/^Snoozed until/)).toHaveCount(0);
    expect((await anomaly(page, id)).status).toBe("open");
  });

  test("is answered by the keyboard alone", async ({ page }) => {
    await openAnomaly(page);
    await page.getByRole("button", { name: "Expected", exact: true }).focus();
    await page.keyboard.press("Enter");
    await expect(dialog(page, "This was expected")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog(page, "This was expected")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Expected", exact: true })).toBeFocused();
  });
});

test("filters stand in the address, and the way back goes through them", async ({ page }) => {
  await enter(page);
  await page.goto("/dashboard/anomalies");
  await page.getByLabel("Severity").selectOption("critical");
  await page.waitForURL(/severity=critical/);
  await settled(page);
  await expect(page.getByText("Warning", { exact: true })).toHaveCount(1); // the choice itself
  await page.getByLabel("Status").selectOption("open");
  await page.waitForURL(/status=open/);
  await page.goBack();
  await expect(page.getByLabel("Status")).toHaveValue("");
  await expect(page.getByLabel("Severity")).toHaveValue("critical");
});

test.describe("an account", () => {
  const account = "/dashboard/account?id=777788889999";

  test("is named", async ({ page }) => {
    await enter(page);
    await page.goto(account);
    await page.getByRole("button", { name: "Rename" }).click();
    const named = dialog(page, "Name this account");
    await named.getByLabel("Name").fill("playground");
    await named.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("playground");
    const kept = await ask<{ alias: string }>(page, "/v1/accounts/777788889999");
    expect(kept.alias).toBe("playground");
  });

  test("is held back altogether, and let go again", async ({ page }) => {
    await enter(page);
    await page.goto(account);
    const held = page.getByLabel("Hold everything back");
    const stands = async () =>
      (await ask<{ customerStrict: boolean }>(page, "/v1/accounts/777788889999/governance"))
        .customerStrict;
    await held.check();
    await expect.poll(stands).toBe(true);
    await held.uncheck();
    await expect.poll(stands).toBe(false);
  });

  test("has a sensitivity of a service that goes back where the server refuses", async ({
    page,
    expected,
  }) => {
    expected.push(/503/);
    await enter(page);
    await page.goto(account);
    const choice = page.getByRole("combobox", { name: /^Sensitivity of/ }).first();
    await choice.selectOption("high");
    await expect(choice).toHaveValue("high");
    await expect(choice).not.toHaveAttribute("aria-busy");
    const release = await refuse(page, "**/baselines/**", "PATCH");
    await choice.selectOption("low");
    await expect(choice).toHaveValue("low");
    release();
    await expect(choice).toHaveValue("high");
  });

  test("is disconnected only by typing its number, and taken back", async ({ page }) => {
    await enter(page);
    await page.goto("/dashboard/account?id=444455556666");
    await page.getByRole("button", { name: "Disconnect" }).click();
    const asked = dialog(page, "Disconnect this account");
    await asked.getByLabel("Type 444455556666 to confirm").fill("444455556665");
    await asked.getByRole("button", { name: "Disconnect" }).click();
    await expect(asked).toBeVisible();
    await asked.getByLabel("Type 444455556666 to confirm").fill("444455556666");
    await asked.getByRole("button", { name: "Disconnect" }).click();
    await expect(page.getByText("This account is being disconnected")).toBeVisible();
    await page.getByRole("button", { name: "Take it back" }).click();
    await expect(page.getByText("This account is being disconnected")).toHaveCount(0);
    // It is looked at anew at once, and found as it was.
    const status = async () =>
      (await ask<{ status: string }>(page, "/v1/accounts/444455556666")).status;
    await expect.poll(status, { timeout: 30_000 }).toBe("degraded");
  });
});

test("what was expected is taken back, and alerts again", async ({ page }) => {
  await enter(page);
  const accounts = await ask<{ items: { accountId: string }[] }>(page, "/v1/accounts");
  const expectations = (id: string) =>
    ask<{ items: unknown[] }>(page, `/v1/accounts/${id}/expectations`);
  let account = "";
  for (const { accountId } of accounts.items) {
    if ((await expectations(accountId)).items.length > 0) account = accountId;
  }
  expect(account, "the sample has an expectation").not.toBe("");
  const before = (await expectations(account)).items.length;
  await page.goto(`/dashboard/account?id=${account}`);
  await page
    .getByRole("button", { name: /^Take back:/ })
    .first()
    .click();
  await dialog(page, "Take this back?").getByRole("button", { name: "Take back" }).click();
  await expect(page.getByText("It alerts again.")).toBeVisible();
  expect((await expectations(account)).items).toHaveLength(before - 1);
});

test("everything is deleted only by typing the word, and taken back on any page", async ({
  page,
}) => {
  await enter(page);
  const accounts = () =>
    ask<{ items: { accountId: string; status: string; purgeAt?: string | null }[] }>(
      page,
      "/v1/accounts",
    );
  const before = (await accounts()).items;
  await page.goto("/dashboard/settings");
  await page.getByRole("button", { name: "Delete everything" }).click();
  const asked = dialog(page, "Delete everything?");
  await asked.getByLabel("Type delete to confirm").fill("yes");
  await asked.getByRole("button", { name: "Delete everything" }).click();
  await expect(asked.getByText("Type the word delete.")).toBeVisible();
  await asked.getByLabel("Type delete to confirm").fill("delete");
  await asked.getByRole("button", { name: "Delete everything" }).click();
  await expect(asked).toHaveCount(0);
  const banner = page.getByText("Everything of your team is being deleted");
  await expect(banner).toBeVisible();
  for (const { status } of (await accounts()).items) expect(status).toBe("disconnecting");
  await page.goto("/dashboard/accounts");
  await expect(banner).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(banner).toHaveCount(0);
  const known = (items: typeof before) =>
    items.map(({ accountId, status, purgeAt }) => ({ accountId, status, purgeAt }));
  expect(known((await accounts()).items)).toEqual(known(before));
});

test("that alerting is paused stands on every page", async ({ page }) => {
  await page.route("**/v1/status", async (route) => {
    const answer = await route.fetch();
    const status = (await answer.json()) as object;
    await route.fulfill({ response: answer, json: { ...status, alertingPaused: true } });
  });
  await enter(page);
  for (const path of ["/dashboard", "/dashboard/zombies"]) {
    await page.goto(path);
    await expect(page.getByText("Alerting is paused")).toBeVisible();
  }
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("quiet that means nothing is not called so", async ({ page }) => {
  const change = (path: string, change: (body: object) => object) =>
    page.route(path, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: change((await answer.json()) as object) });
    });
  let watched = 1;
  await change("**/v1/status", (body) => ({ ...body, accounts: 2, watched, openAnomalies: 0 }));
  await change("**/v1/anomalies?**", () => ({ items: [], next: null }));
  await enter(page);
  await expect(page.getByText("We are watching 1 of 2 accounts")).toBeVisible();
  watched = 0;
  await page.reload();
  await expect(page.getByText("Nothing is watched")).toBeVisible();
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test.describe("settings", () => {
  test("alerts of a loudness go into a channel of their own", async ({ page }) => {
    await enter(page);
    await page.goto("/dashboard/settings");
    await page.getByRole("button", { name: "Add a channel" }).click();
    const asked = page.getByRole("dialog");
    await asked.getByLabel("Channel ID").fill("not a channel");
    await asked.getByRole("button", { name: "Add channel" }).click();
    await expect(asked).toBeVisible();
    await asked.getByLabel("Channel ID").fill("C0123456789");
    await asked.getByRole("button", { name: "Add channel" }).click();
    await expect(asked).toHaveCount(0);
    const routes = async () =>
      (await ask<{ routes: { channel: string }[] }>(page, "/v1/settings")).routes;
    await expect.poll(routes).toHaveLength(1);
    await page
      .getByRole("button", { name: /^Remove/ })
      .first()
      .click();
    const sure = page.getByRole("dialog");
    await sure.getByRole("button", { name: "Remove" }).click();
    await expect.poll(routes).toHaveLength(0);
  });

  test("are saved, and never over somebody else's unseen", async ({ page, context, expected }) => {
    expected.push(/412/);
    await enter(page);
    await page.goto("/dashboard/settings");
    const other = await context.newPage();
    await open(other, "/dashboard/settings");
    for (const each of [page, other]) await settled(each);

    // Begun before the first was saved: whatever is read meanwhile, it is a change of what was there then.
    await chooseZone(other, "Asia/Tokyo");
    await chooseZone(page, "America/New_York");
    await save(page);
    await expect(page.getByText("Your settings are saved.")).toBeVisible();
    await save(other);
    await expect(other.getByText(/Somebody else has changed the settings/)).toBeVisible();
    await save(other);
    await expect(other.getByText("Your settings are saved.")).toBeVisible();
    expect(await ask<{ timezone: string }>(page, "/v1/settings")).toHaveProperty(
      "timezone",
      "Asia/Tokyo",
    );
  });

  test("a key is shown once, opens what it says, and nothing once it is revoked", async ({
    page,
  }) => {
    await enter(page);
    await page.goto("/dashboard/settings/keys");
    await page.getByRole("button", { name: "Make a key" }).first().click();
    await page.getByLabel("Name").fill("nightly report");
    await page.getByRole("button", { name: "Make key" }).click();
    const shown = page.getByRole("dialog").filter({ hasText: "I have kept it" });
    const key = (await shown.getByRole("region", { name: "The key" }).innerText()).trim();
    expect(key).toMatch(/^dd0c_[A-Za-z0-9_-]{40,}$/);
    await page.keyboard.press("Escape");
    await expect(shown).toBeVisible();
    const status = async (path: string) =>
      (await page.request.get(path, { headers: { authorization: `Bearer ${key}` } })).status();
    expect(await status("/v1/anomalies")).toBe(200);
    expect(await status("/v1/api-keys")).toBe(403);
    await shown.getByRole("button", { name: "I have kept it" }).click();
    expect(await page.content()).not.toContain(key);

    await page.getByRole("button", { name: "Revoke nightly report" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByText("revoked").first()).toBeVisible();
    await expect.poll(() => status("/v1/anomalies")).toBe(401);
  });

  test("who has used up the free plan upgrades, and is on Pro when he is back", async ({
    page,
  }) => {
    await enter(page, "initech");
    await page.goto("/dashboard/settings/billing");
    await page.getByRole("button", { name: "Upgrade to Pro" }).click();
    await page.waitForURL("**/stripe-double/pay/**");
    await page.getByRole("button", { name: "Pay", exact: true }).click();
    await page.waitForURL("**/dashboard/settings/billing**");
    await expect(page.getByText("Pro", { exact: true }).first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("button", { name: "Manage at Stripe" })).toBeVisible();
  });
});

async function chooseZone(page: Page, zone: string): Promise<void> {
  const field = page.getByRole("combobox", { name: "Time zone" });
  await field.fill(zone);
  await page.keyboard.press("Enter");
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save" }).first().click();
}

// The first visit: from the landing page to an anomaly that is resolved, as somebody does it who has
// read nothing.

import { expect, settled, signIn, test } from "./support/test";

test.describe.configure({ timeout: 300_000 });

/** What a busy machine may need for a step that works by itself. */
const LONG = { timeout: 60_000 };

test("from Start free to a resolved anomaly", async ({ page, context }) => {
  const began = Date.now();
  await page.goto("/");
  await page.getByRole("link", { name: "Start free" }).first().click();
  await signIn(page, "acme");

  await test.step("connect AWS in a console that is played", async () => {
    await page.waitForURL("**/dashboard/connect**");
    const opened = context.waitForEvent("page");
    await page.getByRole("link", { name: /^Open AWS/ }).click();
    const console = await opened;
    await console.getByLabel(/I acknowledge/).check();
    await console.getByRole("button", { name: "Create stack" }).click();
    await expect(console.locator("#status")).toHaveText("CREATE_COMPLETE", LONG);
    await expect(page.getByText(/is connected/)).toBeVisible(LONG);
    await page.screenshot({ path: "screenshots/journey-connected.png", fullPage: true });
    await page.getByRole("button", { name: "Go on to Slack" }).click();
  });

  await test.step("connect Slack", async () => {
    await page.getByRole("button", { name: "Add to Slack" }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL("**/dashboard/connect?**");
    await page.screenshot({ path: "screenshots/journey-slack.png", fullPage: true });
  });

  await test.step("read what we would have told", async () => {
    await page.getByRole("button", { name: "Go on to the rehearsal" }).click();
    await expect(page.getByText(/we would have told you/i).first()).toBeVisible(LONG);
    await page.screenshot({ path: "screenshots/journey-rehearsal.png", fullPage: true });
    await page.getByRole("link", { name: "To the overview" }).click();
  });

  await test.step("all is quiet", async () => {
    await expect(page.getByText(/all quiet/i)).toBeVisible(LONG);
    await settled(page);
    await page.screenshot({ path: "screenshots/journey-quiet.png", fullPage: true });
  });

  await test.step("somebody starts something expensive: it shows by itself", async () => {
    const console = context.pages()[1];
    await console?.getByRole("button", { name: "Start it" }).click();
    const link = page.getByRole("link", { name: /p4d\.24xlarge/ }).first();
    await expect(link).toBeVisible(LONG);
    await page.screenshot({ path: "screenshots/journey-alert.png", fullPage: true });
    await link.click();
    await page.waitForURL("**/dashboard/anomaly?**");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("p4d.24xlarge");
  });

  await test.step("it is stopped, and resolved by itself", async () => {
    const console = context.pages()[1];
    await console
      ?.getByRole("button", { name: /^Terminate/ })
      .first()
      .click();
    await expect(page.getByText(/resolved/i).first()).toBeVisible(LONG);
    await settled(page);
    await page.screenshot({ path: "screenshots/journey-resolved.png", fullPage: true });
  });
  console.log(`from the landing page to a resolved anomaly in ${(Date.now() - began) / 1000} s`);
});

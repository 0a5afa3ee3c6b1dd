// What people see when something around them does not work, and that they get on.

import { type Page, type Route } from "@playwright/test";
import { answerProblem, enter, expect, settled, test } from "./support/test";

/** Answers every question to the API, or to a part of it, with a problem, until the given function says otherwise. */
async function failing(
  page: Page,
  status: number,
  headers: Record<string, string>,
  code: string,
  path = "**/v1/**",
) {
  let broken = true;
  await page.route(path, async (route: Route) => {
    if (!broken) return route.continue();
    await answerProblem(route, status, code, headers);
  });
  return () => {
    broken = false;
  };
}

test("the API is down: it is said with the request's number, and one more try helps", async ({
  page,
  expected,
}) => {
  expected.push(/503/);
  await enter(page);
  // So long that it is the button that helps, and not the page's own next try.
  const late = { "retry-after": "300" };
  const mend = await failing(page, 503, late, "unavailable", "**/v1/zombies?limit=100");
  await page.goto("/dashboard/zombies");
  const alert = page.getByRole("alert").filter({ hasText: "on our side" }).first();
  await expect(alert).toContainText("req-1");
  mend();
  await page.getByRole("button", { name: "Try again" }).first().click();
  await settled(page);
  await expect(alert).toHaveCount(0);
});

test("the rest of a list cannot be read: it is said, and one more try helps", async ({
  page,
  expected,
}) => {
  expected.push(/503/);
  await enter(page);
  let broken = true;
  await page.route("**/v1/zombies?**", async (route) => {
    if (new URL(route.request().url()).searchParams.has("cursor")) {
      if (broken) return answerProblem(route, 503, "unavailable", { "retry-after": "300" });
      return route.fulfill({ json: { items: [], total: "0", next: null } });
    }
    const answer = await route.fetch();
    const body = (await answer.json()) as object;
    return route.fulfill({ response: answer, json: { ...body, next: "further" } });
  });
  await page.goto("/dashboard/zombies");
  await page.getByRole("button", { name: "Show the next 100" }).click();
  const again = page.getByRole("button", { name: "Not loaded: try again" });
  await expect(again).toBeVisible();
  broken = false;
  await again.click();
  await expect(again).toHaveCount(0);
});

test("nobody can be reached: it is said, and goes on by itself", async ({ page, expected }) => {
  test.slow();
  expected.push(/ERR_FAILED|Failed to load/);
  await enter(page);
  await page.route("**/v1/zombies**", (route) => route.abort());
  await page.goto("/dashboard/zombies");
  await expect(page.getByText("No connection", { exact: true })).toBeVisible();
  await page.unroute("**/v1/zombies**");
  // It is asked ever more seldom.
  const gone = { timeout: 70_000 };
  await expect(page.getByText("No connection", { exact: true })).toHaveCount(0, gone);
});

test("a longer outage: what is shown is said to be old, and it goes on by itself", async ({
  page,
  expected,
}) => {
  expected.push(/503/);
  await page.clock.install();
  await enter(page);
  await settled(page);
  const mend = await failing(page, 503, {}, "unavailable");
  const old = page.getByText("What you see may be old");
  // A question that is under way when the clock is moved on is given up: it needs a moment of real time.
  const patiently = { intervals: [1_000, 2_000], timeout: 60_000 };
  const shows = (count: number) =>
    expect
      .poll(async () => {
        await page.clock.fastForward("00:20");
        return old.count();
      }, patiently)
      .toBe(count);
  await shows(1);
  // Figures stay where they were.
  await expect(page.getByText("Run-rate now")).toBeVisible();
  let asked = 0;
  page.on("request", (request) => (asked += request.url().endsWith("/v1/status") ? 1 : 0));
  for (let minute = 0; minute < 8; minute += 1) {
    const before = asked;
    await expect
      .poll(async () => {
        await page.clock.fastForward("01:05");
        return asked;
      }, patiently)
      .toBeGreaterThan(before);
  }
  mend();
  await shows(0);
});

test("too many requests: after the time that we were told it goes on by itself", async ({
  page,
  expected,
}) => {
  expected.push(/429/);
  await enter(page);
  const mend = await failing(page, 429, { "retry-after": "1" }, "rate_limited");
  await page.goto("/dashboard/zombies");
  await expect(page.getByText("Too many requests").first()).toBeVisible();
  mend();
  await expect(page.getByText("Too many requests")).toHaveCount(0);
});

test("sign-in cannot be reached: the page says so in place of waiting for ever", async ({
  page,
  expected,
}) => {
  expected.push(/ERR_FAILED|Failed to load/);
  await page.route("**/config.json", (route) => route.abort());
  await page.goto("/dashboard");
  await expect(page.getByRole("heading", { name: "The dashboard cannot start" })).toBeVisible();
  await page.unroute("**/config.json");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.waitForURL(/\/login\//);
});

test("an anomaly that is not there is said to be none", async ({ page, expected }) => {
  expected.push(/404/);
  await enter(page);
  await page.goto("/dashboard/anomaly?id=01KTJJXYN0E4WAYWXP74REWHRA");
  await expect(page.getByText("We do not know this anomaly")).toBeVisible();
});

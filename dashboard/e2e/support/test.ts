// What the tests in a browser share: a program for each worker, somebody who is signed in, and pages
// that may not complain.

import { test as base, expect, type Page, type Route } from "@playwright/test";
import { serve, type Served } from "./serve";

interface Shared {
  /** Tenant `local` is filled with a picture. */
  readonly sample: Served;
}

interface Each {
  /** Complaints of the page in the console that a test expects. */
  readonly expected: RegExp[];
}

/** A test; its page may write no error into the console that was not expected, and load nothing from elsewhere. */
export const test = base.extend<Each, Shared>({
  sample: [
    async ({}, use) => {
      const served = await serve({ sample: true });
      await use(served);
      await served.stop();
    },
    { scope: "worker", timeout: 330_000 },
  ],
  baseURL: async ({ sample }, use) => use(sample.url),
  expected: async ({}, use) => use([]),
  page: async ({ page, baseURL, expected }, use) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      const text = `${message.text()} (${message.location().url})`;
      if (message.type() === "error" && !expected.some((each) => each.test(text))) {
        complaints.push(text);
      }
    });
    page.on("request", (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && baseURL && !url.startsWith(baseURL)) {
        complaints.push(`asked elsewhere: ${url}`);
      }
    });
    await use(page);
    expect(complaints).toEqual([]);
  },
});

export { expect };

/** Signs in at the played login. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel("Somebody else").fill(name);
  await page.keyboard.press("Enter");
}

/** Opens a page of the dashboard as somebody; who has signed in in this browser already is not asked. */
export async function open(page: Page, path: string, name = "local"): Promise<void> {
  await page.goto(path);
  await arrive(page, path, name);
}

/** Comes to a page, by the login if it asks. */
export async function arrive(page: Page, path: string, name = "local"): Promise<void> {
  const inside = page.getByRole("button", { name: "Sign out" });
  const login = page.getByLabel("Somebody else");
  await expect(inside.or(login)).toBeVisible();
  if (await login.isVisible()) await signIn(page, name);
  await page.waitForURL((url) => url.pathname + url.search === path);
  await expect(inside).toBeVisible();
}

/** Signs in and stands on the overview. */
export async function enter(page: Page, name = "local"): Promise<void> {
  await open(page, "/dashboard", name);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** Waits until nothing on the page is still to come. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await expect(page.getByRole("status", { name: /loading/i })).toHaveCount(0);
  await expect(page.locator(".animate-pulse")).toHaveCount(0);
}

/** The tokens of a tab. */
interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
}

/** Gives the tab's tokens, after putting others in their place. */
export function tokens(page: Page, others?: Tokens): Promise<Tokens> {
  return page.evaluate((next) => {
    if (next) sessionStorage.setItem("dd0c.tokens", JSON.stringify(next));
    return JSON.parse(sessionStorage.getItem("dd0c.tokens") ?? "null") as Tokens;
  }, others);
}

/** Asks the API as whoever is signed in in this tab. */
export async function ask<T>(page: Page, path: string): Promise<T> {
  const { accessToken } = await tokens(page);
  const answer = await page.request.get(path, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  expect(answer.status(), path).toBe(200);
  return (await answer.json()) as T;
}

/** Answers a request as the API answers with a problem. */
export function answerProblem(
  route: Route,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const json = { type: `/problems/${code}`, title: "No", status, code, requestId: "req-1" };
  return route.fulfill({ status, headers, contentType: "application/problem+json", json });
}

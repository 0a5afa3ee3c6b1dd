// Every page, in both themes, on a desk and on a phone: nothing to be held against it, nothing that
// jumps or sticks out, and a screenshot to look at.

import AxeBuilder from "@axe-core/playwright";
import { type Page } from "@playwright/test";
import { ask, enter, expect, settled, test } from "./support/test";
import { PAGES, THEMES, WINDOWS } from "./support/visits";

/** Above it Lighthouse calls a page restless. */
const MAX_LAYOUT_SHIFT = 0.1;

for (const [name, path] of Object.entries(PAGES)) {
  for (const theme of THEMES) {
    for (const [kind, viewport] of Object.entries(WINDOWS)) {
      test(`${name}, ${theme}, ${kind}`, async ({ page, expected }) => {
        if (name === "not-found") expected.push(/404/);
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
        await page.addInitScript(watchLayout);
        const address = await meant(page, path);
        // Those who are signed in already: what they see first is the page itself.
        await page.goto(address);
        await settled(page);
        await page.screenshot({
          path: `screenshots/${name}-${theme}-${kind}.png`,
          fullPage: true,
        });

        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
          viewport.width,
        );
        expect(await page.evaluate(() => Math.round(window.shifted * 1000) / 1000)).toBeLessThan(
          MAX_LAYOUT_SHIFT,
        );
      });
    }
  }
}

/** The address of a page, its blanks filled by what the sample has. */
async function meant(page: Page, path: string): Promise<string> {
  if (!path.startsWith("/dashboard")) return path;
  await enter(page);
  if (path.includes("{anomaly}")) {
    const { items } = await ask<{ items: { id: string }[] }>(page, "/v1/anomalies?limit=1");
    expect(items[0], "the sample has anomalies").toBeDefined();
    return path.replace("{anomaly}", items[0]?.id ?? "");
  }
  if (path.includes("{account}")) {
    const { items } = await ask<{ items: { accountId: string }[] }>(page, "/v1/accounts");
    expect(items[0], "the sample has accounts").toBeDefined();
    return path.replace("{account}", items[0]?.accountId ?? "");
  }
  return path;
}

declare global {
  interface Window {
    /** How much of the page has jumped, as browsers count it. */
    shifted: number;
  }
}

function watchLayout() {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = entry as PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      };
      if (!hadRecentInput) window.shifted += value;
    }
  }).observe({ type: "layout-shift", buffered: true });
}

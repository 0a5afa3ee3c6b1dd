// What a first visit loads, page by page, against our budget; and that no page holds a script or a
// style of its own, which the security policy would forbid.
//
//   node --import tsx scripts/budget.ts out

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { exit } from "node:process";
import { gzipSync } from "node:zlib";
import { inlined, scriptsOf } from "./pages.ts";

const BUDGET_BYTES = 150_000;
/** Words of ours and of the library that only scripts hold which sign people in. */
const SIGN_IN = /code_challenge_method|OAUTH_INVALID_RESPONSE/;

const folder = process.argv[2] ?? "out";
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const pages = files.filter((file) => file.endsWith(".html")).sort();
if (pages.length === 0) {
  console.error(`${folder} holds no page: run "npm run build" first`);
  exit(1);
}

/** Loaded by every page behind the sign-in as soon as it stands: part of its first load. */
const signIn = files.filter((file) => isSignIn(file));
if (signIn.length === 0) {
  console.error(`${folder} holds no script that signs people in: has its name changed?`);
  exit(1);
}

let bad = 0;
for (const page of pages) {
  const html = readFileSync(page, "utf8");
  const isBehind = relative(folder, page).startsWith("dashboard");
  const scripts = scriptsOf(html).map((script) => join(folder, script));
  const bytes = [...scripts, ...(isBehind ? signIn : [])].reduce(
    (sum, file) => sum + zipped(file),
    0,
  );
  const inline = inlined(html);
  const over = bytes > BUDGET_BYTES;
  console.log(`${kilobytes(bytes)} ${over ? "over " : ""}${relative(folder, page)}`);
  for (const what of inline) console.log(`  inline: ${what.slice(0, 100)}`);
  if (over || inline.length > 0) bad += 1;
}
console.log(`budget: ${kilobytes(BUDGET_BYTES)} of script, gzip, on the first visit`);
if (bad > 0) {
  console.error(`${bad} of ${pages.length} pages are over the budget or hold what is inline`);
  exit(1);
}

function isSignIn(file: string): boolean {
  return file.endsWith(".js") && SIGN_IN.test(readFileSync(file, "utf8"));
}

function zipped(file: string): number {
  return gzipSync(readFileSync(file), { level: 9 }).length;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(6)} kB`;
}

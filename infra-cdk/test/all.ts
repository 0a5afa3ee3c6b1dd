// Runs all tests in one process, so that each stage is synthesised once.

import { readdirSync } from "node:fs";

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".test.ts"));
for (const file of files.sort()) await import(`./${file}`);

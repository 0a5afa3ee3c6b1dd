// Finds the built code of a function. Synthesis never compiles anything.

import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { Stage } from "../stages.ts";
import { reportNotBuilt } from "./not-built.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const STUB = fileURLToPath(new URL("../stub", import.meta.url));

/** `<functionsDir>/<name>/bootstrap.zip` or the folder with `bootstrap`, whichever is newer. */
export function functionCode(scope: Construct, stage: Stage, name: string): Code {
  const folder = resolve(ROOT, stage.functionsDir, name);
  const zip = resolve(folder, "bootstrap.zip");
  const zipAt = modifiedAt(zip);
  const programAt = modifiedAt(resolve(folder, "bootstrap"));
  if (zipAt > 0 && zipAt >= programAt) return Code.fromAsset(zip);
  if (programAt > 0) return Code.fromAsset(folder, { exclude: ["*", "!bootstrap"] });
  reportNotBuilt(scope, stage, {
    what: `${name} is not built: ${folder} has neither bootstrap.zip nor bootstrap.`,
    instead: "A STUB THAT ONLY FAILS STANDS IN.",
    how: "cargo lambda build",
  });
  return Code.fromAsset(STUB);
}

function modifiedAt(file: string): number {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

// The whole product on this machine, started for the tests and stopped by them.

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PROGRAM = process.env.DD0C_COST ?? `${ROOT}target/debug/dd0c-cost`;
const PAGES = `${ROOT}dashboard/out`;
/** Filling a tenant takes some seconds, on a busy machine more. */
const START_MS = 300_000;

/** A program that serves. */
export interface Served {
  /** Where it listens. */
  readonly url: string;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Starts it on a free port, its data gone at the end; `sample` fills the tenant `local`. */
export async function serve({ sample }: { sample: boolean }): Promise<Served> {
  for (const [path, build] of [
    [PROGRAM, "cargo build --workspace --bins"],
    [PAGES, "npm --prefix dashboard run build"],
  ] as const) {
    if (!existsSync(path)) throw new Error(`${path} is missing: ${build}`);
  }
  const listen = ["--listen", "127.0.0.1:0", "--dashboard", PAGES];
  const program = spawn(PROGRAM, ["serve", ...listen, ...(sample ? ["--sample"] : [])], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const url = await address(program).catch(async (error: unknown) => {
    await ended(program);
    throw error;
  });
  return { url, stop: () => ended(program) };
}

/** The address that it names once it listens. */
function address(program: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`it does not listen yet:\n${said}`)), START_MS);
    const hear = (bytes: Buffer) => {
      said += bytes.toString();
      const url = /^.*dashboard.*(http:\/\/127\.0\.0\.1:\d+)/im.exec(said)?.[1];
      if (!url) return;
      clearTimeout(late);
      resolve(url);
    };
    // Whoever does not read what it says stops it sooner or later.
    program.stdout?.on("data", hear);
    program.stderr?.on("data", hear);
    program.once("error", reject);
    program.once("exit", (code) => reject(new Error(`it ended with ${String(code)}:\n${said}`)));
  });
}

function ended(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    program.once("exit", () => resolve());
    program.kill("SIGTERM");
  });
}

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { readContract } from "../lib/contract.ts";
import { STAGES, Synthesised, synthesised } from "./synthesised.ts";

for (const stage of STAGES) {
  test(`${stage}: two syntheses are equal`, () => {
    assert.deepEqual(new Synthesised(stage).written(), synthesised(stage).written());
  });

  test(`${stage}: there are no custom resources, and so no functions but ours`, () => {
    for (const [file, text] of Object.entries(synthesised(stage).written())) {
      assert(!/"Type": "Custom::|CloudFormation::CustomResource/.test(text), file);
    }
  });

  test(`${stage}: names of functions and queues are known beforehand`, () => {
    const app = synthesised(stage);
    const names = [
      ...app.resources("AWS::Lambda::Function").map(({ Properties }) => Properties.FunctionName),
      ...app.resources("AWS::SQS::Queue").map(({ Properties }) => Properties.QueueName),
    ];
    for (const name of names)
      assert.match(name, new RegExp(`^dd0c-cost-${stage}-[a-z-]+(\\.fifo)?$`));
    assert.equal(new Set(names).size, names.length);
  });
}

test("an unknown stage or architecture is refused", () => {
  assert.throws(
    () => new Synthesised("moon" as "dev"),
    /stage must be dev, prod or test, not moon/,
  );
  assert.throws(
    () => new Synthesised("dev", { architecture: "z80" }),
    /architecture must be arm64 or x86_64, not z80/,
  );
});

test("a variable that the contract adds stops the synthesis until the app sets it", () => {
  const contract = structuredClone(readContract());
  contract.functions["event-router"]?.environment.push("MOON_PHASE");
  assert.throws(() => new Synthesised("dev", {}, contract), /event-router reads MOON_PHASE/);
});

test("templates of stage test have no parameters and no rules", () => {
  for (const [file, text] of Object.entries(synthesised("test").written())) {
    const { Parameters, Rules } = JSON.parse(text);
    assert.deepEqual({ Parameters, Rules }, { Parameters: undefined, Rules: undefined }, file);
  }
});

test("prod refuses stubs, unless it is told to take them; dev warns", () => {
  const notBuilt = Match.stringLikeRegexp("neither bootstrap.zip nor bootstrap");
  const findings = (app: Synthesised) => {
    const annotations = Annotations.fromStack(app.stacks.notify);
    return {
      errors: annotations.findError("*", notBuilt),
      warnings: annotations.findWarning("*", notBuilt),
    };
  };
  assert.equal(findings(new Synthesised("prod", { allowStubs: "false" })).errors.length, 3);
  assert.equal(findings(new Synthesised("prod", { allowStubs: "true" })).errors.length, 0);
  const dev = findings(new Synthesised("dev", { allowStubs: "false" }));
  assert.equal(dev.errors.length, 0);
  assert.equal(dev.warnings.length, 3);
});

test("a function that was built is taken, and the newer of zip and program", () => {
  const functionsDir = mkdtempSync(join(tmpdir(), "dd0c-cost-built-"));
  try {
    const folder = join(functionsDir, "notifier");
    const [zip, program] = [join(folder, "bootstrap.zip"), join(folder, "bootstrap")];
    const key = () =>
      new Synthesised("dev", { functionsDir }).lambda("dd0c-cost-dev-notifier").Properties.Code
        .S3Key;
    const stub = key();
    mkdirSync(folder);
    writeFileSync(zip, "zip");
    const zipped = key();
    writeFileSync(program, "program");
    utimesSync(zip, 1, 1);
    const newer = key();
    utimesSync(program, 0.5, 0.5);
    assert.equal(new Set([stub, zipped, newer]).size, 3);
    assert.equal(key(), zipped);
  } finally {
    rmSync(functionsDir, { recursive: true });
  }
});

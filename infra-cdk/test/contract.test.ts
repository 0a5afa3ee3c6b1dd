import assert from "node:assert/strict";
import { test } from "node:test";
import { metricName, parseContract, readContract } from "../lib/contract.ts";
import { optionalEnvironment, requiredEnvironment } from "../lib/environment.ts";

const contract = readContract();

test("a contract without a part is refused with the name of the part", () => {
  assert.throws(
    () => parseContract({ ...contract, metrics: undefined }),
    /contract\.json\.metrics must be an object/,
  );
});

test("a wrong value is refused with its place", () => {
  const wrong = structuredClone(contract) as unknown as {
    table: { indexes: [{ projection: string }] };
  };
  wrong.table.indexes[0].projection = "ALL";
  assert.throws(
    () => parseContract(wrong),
    /table\.indexes\[0\]\.projection must be KEYS_ONLY, not "ALL"/,
  );
});

test("a variable that the app does not know is refused with the function's name", () => {
  const functions = { notifier: { environment: ["STAGE", "MOON_PHASE"] } };
  assert.throws(
    () => requiredEnvironment({ ...contract, functions }, "notifier", { STAGE: "dev" }),
    /notifier reads MOON_PHASE, which this app does not set/,
  );
});

test("a queue that the contract does not name is refused", () => {
  const functions = { notifier: { environment: ["STAGE"] } };
  assert.throws(
    () => requiredEnvironment({ ...contract, functions }, "notifier", {}, { MOON_QUEUE_URL: "x" }),
    /does not say that notifier reads MOON_QUEUE_URL/,
  );
});

test("a function that the contract does not have is refused", () => {
  assert.throws(() => requiredEnvironment(contract, "moon", {}), /has no function moon/);
});

test("an optional variable without a value is left out, an unknown one is refused", () => {
  assert.deepEqual(optionalEnvironment(contract, { LOG_LEVEL: "info", TEST_SOURCE: undefined }), {
    LOG_LEVEL: "info",
  });
  assert.throws(() => optionalEnvironment(contract, { MOON: "full" }), /no optional variable MOON/);
});

test("a metric that the code does not count is refused", () => {
  assert.throws(() => metricName(contract, "Moons"), /has no metric Moons/);
});

// Reads contract.json, which a Rust test writes: the names on which code and infrastructure agree.

import { readFileSync } from "node:fs";

/** Turns a value of unknown shape into a typed one, or says what is wrong and where. */
type Read<T> = (value: unknown, at: string) => T;

const text: Read<string> = (value, at) => {
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`${at} must be a text that is not empty`);
};

const oneOf =
  <T extends string>(...allowed: T[]): Read<T> =>
  (value, at) => {
    const found = allowed.find((each) => each === value);
    if (found) return found;
    throw new Error(`${at} must be ${allowed.join(" or ")}, not ${JSON.stringify(value)}`);
  };

const list =
  <T>(each: Read<T>): Read<T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) throw new Error(`${at} must be a list`);
    return value.map((item, index) => each(item, `${at}[${index}]`));
  };

const map =
  <T>(each: Read<T>): Read<Record<string, T>> =>
  (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Error(`${at} must be an object`);
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, each(item, `${at}.${name}`)]),
    );
  };

const record =
  <T extends object>(fields: { [Name in keyof T]: Read<T[Name]> }): Read<T> =>
  (value, at) => {
    const found = map((field) => field)(value, at);
    const read = Object.entries<Read<unknown>>(fields).map(([name, field]) => [
      name,
      field(found[name], `${at}.${name}`),
    ]);
    return Object.fromEntries(read) as T;
  };

/** A text, or an object such as `{prefix: "aws."}`: EventBridge says which there are. */
const matcher: Read<unknown> = (value) => value;

const pattern = record({
  source: list(matcher),
  "detail-type": list(text),
  detail: map(list(matcher)),
});

const index = record({
  name: text,
  partitionKey: text,
  sortKey: text,
  projection: oneOf("KEYS_ONLY"),
});

const contract = record({
  table: record({
    name: text,
    partitionKey: text,
    sortKey: text,
    expiry: text,
    streamView: oneOf("NEW_IMAGE"),
    indexes: list(index),
  }),
  streamEntities: list(text),
  functions: map(record({ environment: list(text) })),
  optionalEnvironment: list(text),
  metrics: record({ namespace: text, names: list(text) }),
  patterns: record({ calls: list(pattern), watchdog: list(pattern), states: list(pattern) }),
});

export type Contract = ReturnType<typeof contract>;
export type EventPattern = ReturnType<typeof pattern>;

/** Checks a contract that has been parsed already. */
export function parseContract(value: unknown): Contract {
  return contract(value, "contract.json");
}

/** The contract beside this app. */
export function readContract(file = new URL("../contract.json", import.meta.url)): Contract {
  return parseContract(JSON.parse(readFileSync(file, "utf8")));
}

/** The full name of a metric, or an error if the code does not know it. */
export function metricName(of: Contract, name: string): string {
  if (of.metrics.names.includes(name)) return name;
  throw new Error(`contract.json has no metric ${name}; it has ${of.metrics.names.join(", ")}`);
}

// The environment of a function: what the contract says that it reads, no more and no less.

import type { Contract } from "./contract.ts";

/** Values by variable. `undefined` means that this app has no such value. */
export type Values = Readonly<Record<string, string | undefined>>;

/** Takes the variables of one function out of all values that are known. */
export function requiredEnvironment(
  contract: Contract,
  name: string,
  known: Values,
): Record<string, string> {
  const listed = contract.functions[name];
  if (!listed) throw new Error(`contract.json has no function ${name}`);
  const variables = listed.environment.map((variable): [string, string] => {
    const value = known[variable];
    if (value !== undefined) return [variable, value];
    throw new Error(
      `contract.json says that ${name} reads ${variable}, which this app does not set. ` +
        "Add it in lib/constructs/rust-function.ts, or to the queues of the function.",
    );
  });
  return Object.fromEntries(variables);
}

/** Variables that may be absent: only those that have a value. */
export function optionalEnvironment(contract: Contract, known: Values): Record<string, string> {
  const set = Object.entries(known).filter((entry): entry is [string, string] => !!entry[1]);
  for (const [variable] of set) {
    if (!contract.optionalEnvironment.includes(variable)) {
      throw new Error(`contract.json has no optional variable ${variable}, which this app sets`);
    }
  }
  return Object.fromEntries(set);
}

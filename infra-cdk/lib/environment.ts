// The environment of a function: what the contract says that it reads, no more and no less.

import type { Contract } from "./contract.ts";

/** Values by variable. `undefined` means that this app has no such value. */
export type Values = Readonly<Record<string, string | undefined>>;

/**
 * Takes the variables of one function out of `shared` values, of which it needs some, and its `own`,
 * of which it must need all.
 */
export function requiredEnvironment(
  contract: Contract,
  name: string,
  shared: Values,
  own: Values = {},
): Record<string, string> {
  const wanted = contract.functions[name]?.environment;
  if (!wanted) throw new Error(`contract.json has no function ${name}`);
  for (const variable of Object.keys(own)) {
    if (!wanted.includes(variable)) {
      throw new Error(`contract.json does not say that ${name} reads ${variable}`);
    }
  }
  const known = { ...shared, ...own };
  const variables = wanted.map((variable): [string, string] => {
    const value = known[variable];
    if (value !== undefined) return [variable, value];
    throw new Error(
      `contract.json says that ${name} reads ${variable}, which this app does not set. ` +
        "Add it in lib/constructs/rust-function.ts, or to the properties of the function.",
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

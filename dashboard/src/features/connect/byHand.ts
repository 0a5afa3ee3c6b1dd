import { type components } from "@/api/schema";

/** What is typed to name a role that was made by hand. */
export interface ByHand {
  readonly account: string;
  readonly role: string;
  /** Codes of regions with commas or spaces between; empty for all that are switched on. */
  readonly regions: string;
}

/** What is wrong with each field. */
export type Problems = { readonly [field in keyof ByHand]?: string };

/** What the role has to be called: we have the right to use one of this name alone. */
const ROLE = "dd0c-cost-readonly";
const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/([\w+=,.@/-]+)$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const MAX_REGIONS = 40;

/** The ARN of the role that we look into an account with. */
export function roleOf(account: string): string {
  return `arn:aws:iam::${account}:role/${ROLE}`;
}

/** What is wrong with what was typed; nothing if it may be sent. */
export function problemsOf(typed: ByHand): Problems {
  const found = {
    account: accountProblem(typed.account.trim()),
    role: roleProblem(typed.role.trim(), typed.account.trim()),
    regions: regionsProblem(regionsOf(typed.regions)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined));
}

/** What is sent. */
export function requestOf(typed: ByHand, setupId: string): components["schemas"]["NewAccount"] {
  return {
    awsAccountId: typed.account.trim(),
    roleArn: typed.role.trim(),
    setupId,
    regions: regionsOf(typed.regions),
  };
}

const FIELDS: Readonly<Record<string, keyof ByHand>> = {
  awsAccountId: "account",
  roleArn: "role",
  regions: "regions",
};

/** Where it is typed what the API names, `regions[1]`; `undefined` for what nobody types. */
export function fieldOf(field: string | undefined): keyof ByHand | undefined {
  return field === undefined ? undefined : FIELDS[field.replace(/\[.*$/, "")];
}

/** Regions as they are typed. */
export function regionsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

function accountProblem(account: string): string | undefined {
  if (account === "") return "Type the number of your AWS account.";
  return /^\d{12}$/.test(account)
    ? undefined
    : "An account number has exactly 12 digits, without dashes.";
}

function roleProblem(role: string, account: string): string | undefined {
  if (role === "") return "Type the ARN of the role.";
  const [, of, name] = ROLE_ARN.exec(role) ?? [];
  if (!of) return `A role's ARN looks like ${roleOf("111122223333")}.`;
  if (name !== ROLE) return `Call the role ${ROLE}, without a path: AWS lets us use no other.`;
  if (/^\d{12}$/.test(account) && of !== account)
    return `This role is of account ${of}, not of ${account}.`;
  return undefined;
}

function regionsProblem(regions: string[]): string | undefined {
  if (regions.length > MAX_REGIONS) return `At most ${MAX_REGIONS} regions.`;
  const wrong = regions.find((region) => !REGION.test(region));
  return wrong && `A region looks like eu-west-1; “${wrong}” does not.`;
}

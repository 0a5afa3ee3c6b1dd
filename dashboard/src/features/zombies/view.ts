/** How the zombies are looked at; it stands in the address of the page. */
export interface View {
  /** Of this account only. */
  readonly account: string | undefined;
  /** Of this check only. */
  readonly check: string | undefined;
  readonly group: Grouping;
}

/** What stands together. */
export type Grouping = "none" | "check" | "account";

/** Nothing left out, the dearest first. */
export const EVERYTHING: View = { account: undefined, check: undefined, group: "none" };

type Query = Readonly<Record<string, string | string[] | undefined>>;

const ACCOUNT = /^[0-9]{12}$/;
const CHECK = /^[a-z_]{1,40}$/;

/** From the address; what makes no sense is as if it were not there. */
export function viewOf(query: Query): View {
  const { account, check, group } = query;
  return {
    account: typeof account === "string" && ACCOUNT.test(account) ? account : undefined,
    check: typeof check === "string" && CHECK.test(check) ? check : undefined,
    group: group === "check" || group === "account" ? group : "none",
  };
}

/** For the address; what is as usual is left out. */
export function queryOf({ account, check, group }: View): Record<string, string> {
  return {
    ...(account ? { account } : {}),
    ...(check ? { check } : {}),
    ...(group === "none" ? {} : { group }),
  };
}

import { type components } from "@/api/schema";

/** Which alerts a channel gets. */
export type Route = components["schemas"]["RouteView"];

/** How loud an alert is. */
export type Severity = Route["atLeast"];

/** What may be chosen, from all to the few. */
export const LOUDNESS: readonly { readonly atLeast: Severity; readonly words: string }[] = [
  { atLeast: "info", words: "All alerts" },
  { atLeast: "warning", words: "Warning and critical" },
  { atLeast: "critical", words: "Critical only" },
];

/** As many as the API keeps. */
export const MAX_ROUTES = 20;

/** Which alerts they are, in words. */
export function loudness(atLeast: Severity): string {
  return LOUDNESS.find((each) => each.atLeast === atLeast)?.words ?? atLeast;
}

/** What a route is about: of two about the same one would never be taken. */
export function about({ accountId, atLeast }: Route): string {
  return `${accountId ?? "all"} ${atLeast}`;
}

/** Those of one account before those of all, the louder before the others: the first that fits is taken. */
export function inOrder(routes: readonly Route[]): Route[] {
  const rank = ({ accountId, atLeast }: Route) =>
    LOUDNESS.findIndex((each) => each.atLeast === atLeast) + (accountId ? LOUDNESS.length : 0);
  return routes.toSorted(
    (a, b) => rank(b) - rank(a) || (a.accountId ?? "").localeCompare(b.accountId ?? ""),
  );
}

/** What is wrong with an id that was typed. */
export function channelProblem(channel: string): string | undefined {
  if (channel === "") return "Paste the id of a channel.";
  if (/^[CGD][A-Z0-9]{2,63}$/.test(channel)) return undefined;
  return "A channel’s id looks like C0123456789; its name does not do.";
}

/** What is wrong with a route beside the others. */
export function rivalProblem(route: Route, others: readonly Route[]): string | undefined {
  const rival = others.find((other) => about(other) === about(route));
  return rival && `These alerts go to ${rival.channel} already. Change that one.`;
}

/** The routes with one in the place of another, or added where that is not there. */
export function withRoute(
  routes: readonly Route[],
  route: Route,
  before: Route | undefined,
): Route[] {
  return [...without(routes, before), route];
}

/** The routes without the one that is about the same. */
export function without(routes: readonly Route[], route: Route | undefined): Route[] {
  return routes.filter((each) => !route || about(each) !== about(route));
}

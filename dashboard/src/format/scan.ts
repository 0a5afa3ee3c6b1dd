import { count, plain } from "@/format/words";

/** `5 of 17 regions`. */
export function regionsSearched({ done, of }: { done: number; of: number }): string {
  return `${done} of ${count(of, "region")}`;
}

/** What could not be judged: `3 × idle database`, `region eu-west-1`; the most first. */
export function unjudgedWords(unjudged: Readonly<Record<string, number>>): string[] {
  return Object.entries(unjudged)
    .sort(([, one], [, other]) => other - one)
    .map(([what, number]) => (what.startsWith("region ") ? what : `${number} × ${plain(what)}`));
}

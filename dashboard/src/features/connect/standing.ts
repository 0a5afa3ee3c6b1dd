import { type components } from "@/api/schema";
import { type Standing } from "@/ui/Sign";

/** How an account is set up. */
export type Setup = components["schemas"]["Setup"];

/** How a setup stands: its stage, or that its link holds no more. */
export type SetupStanding = Setup["stage"] | "expired";

/** How it stands at a moment (milliseconds): a link that is over counts only while one is needed. */
export function standingOf({ stage, expiresAt }: Setup, now: number): SetupStanding {
  const needsLink = stage === "waiting" || stage === "refused";
  return needsLink && Date.parse(expiresAt) <= now ? "expired" : stage;
}

/**
 * Whether a setup is of no use any more: its link is over, or, of one that was only kept, all of it is
 * done.
 */
export function isOver(setup: Setup, now: number, wasKept: boolean): boolean {
  const standing = standingOf(setup, now);
  return standing === "expired" || (wasKept && standing === "connected");
}

/** How often it is looked at, in milliseconds; never again once it is over. */
export function pollEvery(setup: Setup | undefined, now: number): number {
  return setup && isOver(setup, now, true) ? 0 : 2_000;
}

/** A step of setting up, with how it stands. */
export interface Milestone {
  readonly name: string;
  readonly text: string;
  readonly sign: Standing;
}

const STACK = "Your role in AWS";
const ROLE = "Our look at the role";
const CONNECTED = "Connected";

/** The steps that a setup goes through, as they stand. */
export function milestones(standing: SetupStanding, opened: boolean): Milestone[] {
  const waits = opened
    ? "We wait for it. AWS takes about five minutes; this page goes on by itself."
    : "Open AWS and create the stack. This page goes on by itself.";
  switch (standing) {
    case "waiting":
    case "expired":
      return [
        { name: STACK, text: waits, sign: opened ? "running" : "open" },
        { name: ROLE, text: "As soon as the stack is there.", sign: "open" },
        { name: CONNECTED, text: "Then the account is watched.", sign: "open" },
      ];
    case "checking":
      return [
        { name: STACK, text: "We know which it is.", sign: "good" },
        { name: ROLE, text: "A new role takes AWS up to two minutes.", sign: "running" },
        { name: CONNECTED, text: "Then the account is watched.", sign: "open" },
      ];
    case "refused":
      return [
        { name: STACK, text: "We know which it is.", sign: "good" },
        { name: ROLE, text: "Something is wrong with the role.", sign: "wrong" },
        { name: CONNECTED, text: "Once that is put right.", sign: "open" },
      ];
    case "connected":
      return [
        { name: STACK, text: "We know which it is.", sign: "good" },
        { name: ROLE, text: "We can look, and only look.", sign: "good" },
        { name: CONNECTED, text: "The account is watched from now on.", sign: "good" },
      ];
  }
}

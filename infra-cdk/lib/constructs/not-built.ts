// What is to be said of something that is not built: in prod it stops the synthesis.

import { Annotations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Stage } from "../stages.ts";

export interface NotBuilt {
  /** What is not built, and how one sees it. */
  readonly what: string;
  /** What is deployed in its place. */
  readonly instead: string;
  /** What builds it. */
  readonly how: string;
}

export function reportNotBuilt(scope: Construct, stage: Stage, { what, instead, how }: NotBuilt) {
  const annotations = Annotations.of(scope);
  if (stage.allowStubs) {
    annotations.addWarningV2("dd0c-cost:not-built", `${what} ${instead}`);
  } else {
    annotations.addError(`${what} Run ${how}, or pass -c allowStubs=true.`);
  }
}

// A stack of one stage: its name, its place, its tags.

import { DefaultStackSynthesizer, Stack, Tags } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { nameIn, type Stage } from "./stages.ts";

export class StageStack extends Stack {
  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, nameIn(stage, id), {
      env: { region: stage.region },
      description: `dd0c/cost, ${stage.name}: ${id}`,
      terminationProtection: stage.deletionProtection,
      analyticsReporting: false,
      synthesizer: new DefaultStackSynthesizer({
        // An emulator has no bootstrap stack whose version could be checked.
        generateBootstrapVersionRule: stage.name !== "test",
      }),
    });
    Tags.of(this).add("project", "dd0c-cost");
    Tags.of(this).add("stage", stage.name);
  }
}

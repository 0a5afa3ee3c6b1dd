import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { buildStacks } from "../lib/dd0c-cost.ts";

const app = new App({ analyticsReporting: false });
buildStacks(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

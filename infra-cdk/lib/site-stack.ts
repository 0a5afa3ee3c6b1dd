// The dashboard, for everybody's browser. What is published in it stands in dashboard/out and comes
// there by .github/scripts/publish-site.sh (docs/decisions/0028-the-dashboard-is-copied.md).

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CfnOutput, CrossStackReferences, ReferenceStrength } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { ApiStack } from "./api-stack.ts";
import { reportNotBuilt } from "./constructs/not-built.ts";
import { StaticSite } from "./constructs/static-site.ts";
import type { DataStack } from "./data-stack.ts";
import type { IdentityStack } from "./identity-stack.ts";
import { headersPolicy, securityHeaders } from "./security-headers.ts";
import { signInUrl } from "./sign-in.ts";
import { StageStack } from "./stage-stack.ts";
import type { Stage } from "./stages.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What a build of the dashboard has, whatever its pages are. */
const BUILT = ["index.html", "404.html", "callback.html", "_next/static"];

export interface SiteStackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly identity: IdentityStack;
  readonly api: ApiStack;
}

export class SiteStack extends StageStack {
  constructor(scope: Construct, { stage, data, identity, api }: SiteStackProps) {
    super(scope, "site", stage);
    // Addresses may change: a web ACL before the API gives it another one. Nobody else has to wait
    // until this stack has let go of the old one.
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    reportMissing(this, stage);
    const { issuerUrl: issuer, clientId } = identity;
    // With the slash: only what lies below, and no other user pool of the region.
    const connect = [api.url, `${issuer}/`, signInUrl(stage, this.account)];
    const site = new StaticSite(this, "site", {
      stage,
      headers: headersPolicy(securityHeaders(connect)),
      key: data.key,
    });

    const { distribution, url } = site.front;
    new CfnOutput(this, "SiteUrl", { value: site.url });
    // Where the domain of ours, if there is one, has to lead.
    new CfnOutput(this, "SiteFrontUrl", { value: url });
    new CfnOutput(this, "SiteBucket", { value: site.bucket.bucketName });
    new CfnOutput(this, "SiteDistributionId", { value: distribution.distributionId });
    // What config.json tells the pages.
    const config = { apiUrl: api.url, issuer, clientId, local: false };
    new CfnOutput(this, "SiteConfig", { value: this.toJsonString(config) });
  }
}

function reportMissing(scope: Construct, stage: Stage): void {
  const folder = resolve(ROOT, stage.siteDir);
  const missing = BUILT.filter((file) => !existsSync(resolve(folder, file)));
  if (missing.length === 0) return;
  reportNotBuilt(scope, stage, {
    what: `The dashboard is not built: ${folder} has no ${missing.join(", ")}.`,
    instead: "NOTHING OF IT CAN BE PUBLISHED.",
    how: "npm --prefix dashboard run build",
  });
}

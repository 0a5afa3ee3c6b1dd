import assert from "node:assert/strict";
import { test } from "node:test";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { STAGES, Synthesised, synthesised } from "./synthesised.ts";

/** All that is put up only if somebody asks for it. */
const EVERYTHING = {
  googleClientId: "1.apps.googleusercontent.com",
  templatesBucket: "dd0c-cf-templates",
  webAclArn: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/ours/1",
  siteDomain: "cost.example.com",
  siteCertificate: "arn:aws:acm:us-east-1:111122223333:certificate/ours",
  siteWebAclArn: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/ours/2",
};

test("cdk-nag finds nothing in what may be put up besides, either", () => {
  assert.deepEqual(findings(new Synthesised("prod", EVERYTHING)), []);
});

for (const stage of STAGES) {
  const app = synthesised(stage);

  test(`${stage}: cdk-nag finds nothing that is not acknowledged`, () => {
    assert.deepEqual(findings(app), []);
  });

  test(`${stage}: every acknowledgement is for one construct and gives a reason`, () => {
    const acknowledged = app.app.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .flatMap(({ data }) => ({ path: node.path, data })),
      );
    assert(acknowledged.length > 0);
    for (const { path, data } of acknowledged) {
      assert(path.includes("/"), `${path}: a whole stack`);
      assert.match(JSON.stringify(data), /[A-Za-z ,;]{20,}\./, path);
    }
  });
}

function findings({ app, stacks }: Synthesised): string[] {
  return Object.values(stacks).flatMap((stack) => {
    const { violations } = new AwsSolutionsChecks(app).validateScope(stack);
    return violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName}: ${constructPath}`),
    );
  });
}

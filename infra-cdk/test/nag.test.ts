import assert from "node:assert/strict";
import { test } from "node:test";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { STAGES, synthesised } from "./synthesised.ts";

for (const stage of STAGES) {
  const app = synthesised(stage);

  test(`${stage}: cdk-nag finds nothing that is not acknowledged`, () => {
    for (const stack of Object.values(app.stacks)) {
      const { violations } = new AwsSolutionsChecks(app.app).validateScope(stack);
      const found = violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName}: ${constructPath}`),
      );
      assert.deepEqual(found, []);
    }
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

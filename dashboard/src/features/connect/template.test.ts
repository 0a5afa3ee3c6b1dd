import { templateOf, trustPolicy } from "@/features/connect/template";
import { expect, test } from "vitest";

test("the template is what the link names", () => {
  const template = "https://templates.example/dd0c-cost-readonly.yaml";
  const link = `https://us-east-1.console.aws.amazon.com/cloudformation/home?region=us-east-1#/stacks/create/review?templateURL=${encodeURIComponent(template)}&stackName=dd0c-cost-readonly`;
  expect(templateOf(link)).toBe(template);
  expect(templateOf("https://console.aws.amazon.com/")).toBeUndefined();
  expect(templateOf("https://x.example/#/q?templateURL=javascript%3Aalert")).toBeUndefined();
});

test("a role that is made by hand trusts our account with the external id", () => {
  const [statement] = (JSON.parse(trustPolicy("444455556666", "6f0e")) as { Statement: object[] })
    .Statement;
  expect(statement).toEqual({
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::444455556666:root" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": "6f0e" } },
  });
});

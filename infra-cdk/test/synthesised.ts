// Synthesises the app for a test, with stubs for all functions, and without a built dashboard.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { type Contract, readContract } from "../lib/contract.ts";
import { buildStacks } from "../lib/dd0c-cost.ts";
import type { StageName } from "../lib/stages.ts";

export const STAGES: readonly StageName[] = ["dev", "prod", "test"];

const folder = mkdtempSync(join(tmpdir(), "dd0c-cost-"));
const NOT_BUILT = { functionsDir: "/nonexistent", siteDir: "/nonexistent" };
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

export interface Resource {
  readonly id: string;
  readonly stack: string;
  readonly Type: string;
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}

const made = new Map<StageName, Synthesised>();

/** A stage as it is, synthesised once for all tests. */
export function synthesised(stage: StageName): Synthesised {
  const found = made.get(stage) ?? new Synthesised(stage);
  made.set(stage, found);
  return found;
}

export class Synthesised {
  readonly contract: Contract;
  readonly app: App;
  readonly stacks: ReturnType<typeof buildStacks>;
  private all: Resource[] | undefined;

  constructor(stage: StageName, context: Record<string, unknown> = {}, contract = readContract()) {
    this.contract = contract;
    this.app = new App({
      analyticsReporting: false,
      outdir: mkdtempSync(join(folder, "out-")),
      context: { stage, ...NOT_BUILT, allowStubs: "true", ...context },
    });
    this.stacks = buildStacks(this.app, contract);
  }

  /** All resources of a type, of all stacks. */
  resources(type: string): Resource[] {
    this.all ??= this.everything();
    return this.all.filter((resource) => resource.Type === type);
  }

  /** The resource that a reference means, be it in the same stack or in another. */
  resolve(stack: string, reference: unknown): Resource | undefined {
    this.all ??= this.everything();
    const { "Fn::GetAtt": attribute, "Fn::ImportValue": imported } = reference as {
      "Fn::GetAtt"?: [string, string];
      "Fn::ImportValue"?: string;
    };
    if (imported) {
      const exported = this.exports().get(imported);
      return exported && this.resolve(exported.stack, exported.value);
    }
    return this.all.find((each) => each.stack === stack && each.id === attribute?.[0]);
  }

  private exports(): Map<string, { stack: string; value: unknown }> {
    const found = Object.entries(this.stacks).flatMap(([stack, built]) => {
      type Output = { Export?: { Name: string }; Value: unknown };
      const outputs: Output[] = Object.values(Template.fromStack(built).toJSON().Outputs ?? {});
      return outputs.flatMap(({ Export, Value }) =>
        Export ? [[Export.Name, { stack, value: Value }] as const] : [],
      );
    });
    return new Map(found);
  }

  private everything(): Resource[] {
    return Object.entries(this.stacks).flatMap(([stack, built]) =>
      Object.entries<object>(Template.fromStack(built).toJSON().Resources).map(
        ([id, resource]) => ({ id, stack, ...resource }) as Resource,
      ),
    );
  }

  /** One resource, by a property that names it. */
  named(type: string, property: string, name: string): Resource {
    const found = this.resources(type).filter(({ Properties }) => Properties[property] === name);
    if (found.length === 1 && found[0]) return found[0];
    throw new Error(`${found.length} resources ${type} have ${property} ${name}`);
  }

  queue(name: string): Resource {
    return this.named("AWS::SQS::Queue", "QueueName", name);
  }

  lambda(name: string): Resource {
    return this.named("AWS::Lambda::Function", "FunctionName", name);
  }

  /** The templates as they are written, by file name. */
  written(): Record<string, string> {
    const { directory } = this.app.synth();
    const files = readdirSync(directory).filter((file) => file.endsWith(".template.json"));
    return Object.fromEntries(
      files.map((file) => [file, readFileSync(join(directory, file), "utf8")]),
    );
  }
}

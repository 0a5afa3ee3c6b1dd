import { type Setup } from "@/features/connect/standing";
import { templateOf, trustPolicy } from "@/features/connect/template";
import { CodeBlock } from "@/ui/CodeBlock";
import { Copy } from "@/ui/Copy";

/** What a role that is made by hand must be like. */
export function TrustPolicy({ setup }: { setup: Setup }) {
  const policy = trustPolicy(setup.ourAccountId, setup.externalId);
  const template = templateOf(setup.quickCreateUrl);
  return (
    <div className="min-w-0 space-y-3">
      <h3 className="font-semibold">1. Make the role</h3>
      <p className="text-sm text-muted">
        Call it <code className="font-mono text-ink">dd0c-cost-readonly</code>, with this trust
        policy and the rights of{" "}
        {template ? (
          <a
            href={template}
            target="_blank"
            rel="noopener noreferrer"
            className="text-accent-strong underline underline-offset-2"
          >
            our template
          </a>
        ) : (
          "our template"
        )}
        , and nothing more.
      </p>
      <dl className="space-y-2">
        <Value name="ExternalId" value={setup.externalId} />
        <Value name="Our account" value={setup.ourAccountId} />
      </dl>
      <div className="space-y-1">
        <p className="text-sm text-muted">Trust policy</p>
        <CodeBlock text={policy} label="Trust policy" copyLabel="Copy policy" />
      </div>
    </div>
  );
}

function Value({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-1">
        <code className="font-mono text-[13px] break-all">{value}</code>
        <Copy text={value} label={`Copy ${name === "ExternalId" ? name : "number"}`} />
      </dd>
    </div>
  );
}

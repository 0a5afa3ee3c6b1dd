import { type Setup } from "@/features/connect/standing";
import { templateOf, trustPolicy } from "@/features/connect/template";
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
      <div className="rounded-lg bg-sunken">
        <div className="flex items-center justify-between pt-1 pr-1 pl-3">
          <p className="text-xs font-medium text-muted">Trust policy</p>
          <Copy text={policy} label="Copy policy" />
        </div>
        <pre
          tabIndex={0}
          role="region"
          aria-label="Trust policy"
          className="overflow-x-auto px-3 pb-3 font-mono text-xs leading-relaxed"
        >
          {policy}
        </pre>
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

import { type ApiKey } from "@/features/settings/keyOrder";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Ago } from "@/ui/time";

/** One key: how it begins, what it opens, who made it, whether it is used. */
export function KeyRow({ of, onRevoke }: { of: ApiKey; onRevoke: () => void }) {
  const { name, hint, scopes, createdBy, createdAt, lastUsedAt, revokedAt } = of;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-5 py-4">
      <div className="min-w-0 flex-1 basis-64 space-y-1.5">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className={classes("font-medium", revokedAt && "text-muted")}>{name}</span>
          <code className="font-mono text-sm text-muted">{hint}</code>
          {revokedAt && <Badge>revoked</Badge>}
        </p>
        <ul aria-label="Opens" className="flex flex-wrap gap-1.5">
          {scopes.map((scope) => (
            <li key={scope}>
              <Badge tone={revokedAt ? "neutral" : "info"}>{scope}</Badge>
            </li>
          ))}
        </ul>
        <p className="text-sm text-muted">
          Made <Ago at={createdAt} /> by {createdBy}
          {revokedAt ? (
            <>
              , revoked <Ago at={revokedAt} />
            </>
          ) : lastUsedAt ? (
            <>
              , last used <Ago at={lastUsedAt} />
            </>
          ) : (
            ", never used"
          )}
        </p>
      </div>
      {!revokedAt && (
        <Button look="danger" onClick={onRevoke} aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      )}
    </li>
  );
}

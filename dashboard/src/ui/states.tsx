import { type ApiError } from "@/api/problem";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { CloudOff } from "lucide-react";
import { type ReactNode } from "react";

/** Stands where something is about to be, in its size: nothing jumps when it comes. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classes("animate-pulse rounded-md bg-sunken", className)} />;
}

/** Several lines that are about to be. */
export function SkeletonLines({
  lines = 3,
  label = "Loading",
}: {
  lines?: number;
  label?: string;
}) {
  return (
    <div role="status" aria-label={label} className="space-y-3">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} className="h-11 w-full" />
      ))}
    </div>
  );
}

/** There is nothing, and what to do about it. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      {icon && <div className="mb-1 text-accent">{icon}</div>}
      <p className="font-semibold">{title}</p>
      {children && <div className="max-w-prose text-sm text-muted">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** Something could not be had: why, and once more. */
export function Failed({ error, retry }: { error: ApiError; retry: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      <CloudOff aria-hidden className="size-8 text-critical" />
      <p className="font-semibold">{titleOf(error)}</p>
      <p className="max-w-prose text-sm text-muted">{error.message}</p>
      {error.requestId && (
        <p className="text-xs text-muted">
          Request <code className="font-mono">{error.requestId}</code>
        </p>
      )}
      <Button className="mt-3" onClick={retry}>
        Try again
      </Button>
    </div>
  );
}

function titleOf(error: ApiError): string {
  if (error.status === 0) return "No connection";
  if (error.status === 429) return "Too many requests";
  if (error.status === 404) return "Not found";
  return error.passes ? "Something went wrong on our side" : "This did not work";
}

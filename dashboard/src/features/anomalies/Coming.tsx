import { Skeleton } from "@/ui/states";
import { classes } from "@/ui/classes";

/** Rows of anomalies that are about to be. */
export function Coming({
  rows,
  label,
  className,
}: {
  rows: number;
  label: string;
  className: string;
}) {
  return (
    <div role="status" aria-label={label} className={classes("divide-y divide-line", className)}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-19 items-center gap-4 px-5">
          <Skeleton className="h-5 w-20" />
          <Skeleton className="h-5 flex-1" />
          <Skeleton className="h-5 w-20" />
        </div>
      ))}
    </div>
  );
}

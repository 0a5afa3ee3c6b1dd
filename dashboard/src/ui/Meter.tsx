import { classes } from "@/ui/classes";

/** A length beside a figure: it shows what the figure says, and nothing else. */
export function Meter({
  part,
  className = "fill-accent",
}: {
  /** From 0 to 1. */
  part: number;
  className?: string;
}) {
  const percent = Math.min(100, Math.max(0, part * 100));
  return (
    <svg aria-hidden className="block h-1.5 w-full overflow-hidden rounded-full">
      <rect width="100%" height="100%" className="fill-sunken" />
      <rect width={`${percent}%`} height="100%" rx="3" className={classes(className)} />
    </svg>
  );
}

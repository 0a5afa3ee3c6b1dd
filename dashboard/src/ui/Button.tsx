import { classes } from "@/ui/classes";
import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import { type ComponentProps } from "react";

type Look = "primary" | "secondary" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong border-transparent",
  secondary: "bg-surface text-ink hover:bg-sunken border-line",
  quiet: "text-muted hover:bg-sunken hover:text-ink border-transparent",
  danger: "bg-surface text-critical hover:bg-critical-soft border-line",
};
const SHAPE =
  "inline-flex min-h-10 items-center justify-center gap-2 rounded-lg border px-3.5 py-1.5 text-sm font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-60";

/** How a button looks; for links that are buttons to the eye. */
export function buttonClasses(look: Look = "secondary", more?: string): string {
  return classes(SHAPE, LOOKS[look], more);
}

/** A button; while `busy` it turns and cannot be pressed again. */
export function Button({
  look,
  busy = false,
  className,
  children,
  ...rest
}: ComponentProps<"button"> & { look?: Look; busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      disabled={busy || rest.disabled}
      aria-busy={busy || undefined}
      className={buttonClasses(look, className)}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {children}
    </button>
  );
}

/** A link within the dashboard that looks like a button. */
export function ButtonLink({
  look,
  className,
  ...rest
}: ComponentProps<typeof Link> & { look?: Look }) {
  return <Link {...rest} className={buttonClasses(look, className)} />;
}

import { classes } from "@/ui/classes";
import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import { type ComponentProps, type MouseEvent } from "react";

type Look = "primary" | "secondary" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong border-transparent",
  secondary: "bg-surface text-ink hover:bg-sunken border-line",
  quiet: "text-muted hover:bg-sunken hover:text-ink border-transparent",
  danger: "bg-surface text-critical hover:bg-critical-soft border-line",
};
const SHAPE =
  "inline-flex min-h-10 items-center justify-center gap-2 rounded-lg border px-3.5 py-1.5 text-sm font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:cursor-not-allowed aria-disabled:opacity-60";

/** How a button looks; for links that are buttons to the eye. */
export function buttonClasses(look: Look = "secondary", more?: string): string {
  return classes(SHAPE, LOOKS[look], more);
}

/**
 * A button; while `busy` it turns and cannot be pressed again. Like one that is `aria-disabled` it keeps
 * the focus meanwhile: what becomes `disabled` drops it, and whoever uses a keyboard starts at the top.
 */
export function Button({
  look,
  busy = false,
  className,
  children,
  onClick,
  "aria-disabled": heldBack,
  ...rest
}: ComponentProps<"button"> & { look?: Look; busy?: boolean }) {
  const isHeld = busy || heldBack === true || heldBack === "true";
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    // Its form is not sent either, whether by a press or by Enter.
    if (isHeld) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      type="button"
      {...rest}
      onClick={press}
      aria-disabled={isHeld || undefined}
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

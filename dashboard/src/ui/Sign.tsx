import { classes } from "@/ui/classes";
import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";

/** How something stands: done or fine, wrong, under way, not begun or not known. */
export type Standing = "good" | "wrong" | "running" | "open";

const LOOKS: Record<Standing, { Icon: typeof CircleCheck; colour: string }> = {
  good: { Icon: CircleCheck, colour: "text-good" },
  wrong: { Icon: CircleAlert, colour: "text-critical" },
  running: { Icon: LoaderCircle, colour: "animate-spin text-accent" },
  open: { Icon: CircleDashed, colour: "text-muted" },
};

/** A sign for it; the words beside it say the same. */
export function Sign({ of, small = false }: { of: Standing; small?: boolean }) {
  const { Icon, colour } = LOOKS[of];
  return (
    <Icon aria-hidden className={classes("shrink-0", small ? "size-4" : "mt-0.5 size-5", colour)} />
  );
}

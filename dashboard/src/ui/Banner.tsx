import { type Tone } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { type ReactNode } from "react";

const LOOKS: Record<Tone, { classes: string; Icon: typeof Info }> = {
  good: { classes: "bg-good-soft text-good", Icon: CircleCheck },
  info: { classes: "bg-info-soft text-info", Icon: Info },
  warning: { classes: "bg-warning-soft text-warning", Icon: TriangleAlert },
  critical: { classes: "bg-critical-soft text-critical", Icon: CircleAlert },
  neutral: { classes: "bg-sunken text-ink", Icon: Info },
};

/** Something that people must not miss, with what to do. */
export function Banner({
  tone,
  title,
  children,
  action,
}: {
  tone: Tone;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  const { classes: look, Icon } = LOOKS[tone];
  return (
    <div role="status" className={classes("flex flex-wrap items-start gap-3 rounded-xl p-4", look)}>
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold">{title}</p>
        {children && <div className="text-sm text-ink">{children}</div>}
      </div>
      {action}
    </div>
  );
}

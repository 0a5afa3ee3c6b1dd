import { useGet } from "@/api/read";
import { AwsStep } from "@/features/connect/AwsStep";
import { type Place, type Step } from "@/features/connect/place";
import { Stepper } from "@/features/connect/Stepper";
import { usePlace, type Go } from "@/features/connect/usePlace";
import { later } from "@/ui/later";
import { Skeleton, SkeletonLines } from "@/ui/states";
import { useEffect, useRef } from "react";

const SlackStep = later(
  async () => (await import("@/features/connect/SlackStep")).SlackStep,
  <Skeleton className="h-40 w-full rounded-xl" />,
);
const RehearsalStep = later(
  async () => (await import("@/features/connect/RehearsalStep")).RehearsalStep,
  <Skeleton className="h-80 w-full rounded-xl" />,
);

/** From an account of AWS to somebody who is told in Slack: three steps, one after the other. */
export function ConnectWizard() {
  const { place, go } = usePlace();
  const { body: slack } = useGet("/v1/slack", undefined, { refreshInterval: 10_000 });
  const part = useFocusOnChange(place?.step);
  if (!place) return <SkeletonLines lines={5} />;
  const done = new Set<Step>();
  if (place.account) done.add("aws");
  if (slack?.connected) done.add("slack");
  return (
    <>
      <Stepper place={place} done={done} />
      <div ref={part} tabIndex={-1} className="space-y-5 outline-none">
        <StepOf place={place} go={go} />
      </div>
    </>
  );
}

function StepOf(props: { place: Place; go: Go }) {
  switch (props.place.step) {
    case "aws":
      return <AwsStep {...props} />;
    case "slack":
      return <SlackStep {...props} />;
    case "rehearsal":
      return <RehearsalStep {...props} />;
  }
}

/** Who goes on by the keyboard goes on in the new step, not at the top of the page. */
function useFocusOnChange(step: Step | undefined) {
  const part = useRef<HTMLDivElement>(null);
  const before = useRef<Step>(undefined);
  useEffect(() => {
    if (before.current && step && before.current !== step) part.current?.focus();
    before.current = step;
  }, [step]);
  return part;
}

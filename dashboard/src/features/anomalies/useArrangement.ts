import { arrange, begun, type Arrangement } from "@/features/anomalies/arrange";
import { useScrolled } from "@/features/anomalies/useScrolled";
import { useEffect, useState } from "react";

/** How long something new is marked. */
const MARKED_MS = 30_000;

/** Shows a list that changes by itself without moving what somebody reads. */
export function useArrangement<T extends { id: string }>(
  fresh: readonly T[],
): Arrangement<T> & { readonly showWaiting: () => void } {
  const reading = useScrolled();
  const [seen, setSeen] = useState(fresh);
  const [arrangement, setArrangement] = useState(() => begun(fresh));
  const isOver = !reading && arrangement.waiting > 0;
  if (seen !== fresh || isOver) {
    setSeen(fresh);
    setArrangement(arrange(arrangement, fresh, reading));
  }
  const { arrived } = arrangement;
  useEffect(() => {
    if (arrived.size === 0) return;
    const timer = setTimeout(
      () => setArrangement((now) => ({ ...now, arrived: new Set<string>() })),
      MARKED_MS,
    );
    return () => clearTimeout(timer);
  }, [arrived]);
  return {
    ...arrangement,
    showWaiting: () => {
      setArrangement(arrange(arrangement, fresh, false));
      window.scrollTo({ top: 0 });
    },
  };
}

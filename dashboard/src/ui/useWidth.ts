import { useCallback, useState } from "react";

/** The width of what the reference is given to, in whole pixels; 0 until it is known. */
export function useWidth(): readonly [(element: Element | null) => (() => void) | void, number] {
  const [width, setWidth] = useState(0);
  const measure = useCallback((element: Element | null) => {
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [measure, width];
}

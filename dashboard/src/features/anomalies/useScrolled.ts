import { useSyncExternalStore } from "react";

/** From here on, in pixels, somebody reads further down. */
const READING = 160;

function watch(changed: () => void): () => void {
  window.addEventListener("scroll", changed, { passive: true });
  return () => window.removeEventListener("scroll", changed);
}

/** Whether somebody reads further down the page. */
export function useScrolled(): boolean {
  return useSyncExternalStore(
    watch,
    () => window.scrollY > READING,
    () => false,
  );
}

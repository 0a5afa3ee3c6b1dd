import { ago, moment } from "@/format/time";
import { useSyncExternalStore } from "react";

const TICK_MS = 10_000;
let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  if (!timer && Date.now() - now > TICK_MS) {
    now = Date.now();
    watcher();
  }
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, TICK_MS);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The present moment in milliseconds, renewed every ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(
    watch,
    () => now,
    () => 0,
  );
}

/** How long ago something was; the exact moment on a closer look. */
export function Ago({ at }: { at: string }) {
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(at, useNow())}
    </time>
  );
}

import { Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";

function watch(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

/** Dark or light; remembered in this browser. */
export function ThemeToggle() {
  const dark = useSyncExternalStore(
    watch,
    () => document.documentElement.dataset.theme === "dark",
    () => false,
  );
  const turn = () => {
    const next = dark ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // It holds for this visit.
    }
  };
  const Icon = dark ? Sun : Moon;
  return (
    <button
      type="button"
      onClick={turn}
      aria-label={dark ? "Light theme" : "Dark theme"}
      className="rounded-lg p-2 text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon aria-hidden className="size-5" />
    </button>
  );
}

import { buttonClasses } from "@/ui/Button";
import { Logo } from "@/ui/Logo";

/** Below the first page: once more the way in. */
export function Footer() {
  return (
    <footer className="border-t border-line bg-surface">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-4 px-4 py-8 md:px-8">
        <div>
          <Logo />
          <p className="mt-1 text-sm text-muted">
            This page counts nobody and loads nothing from elsewhere.
          </p>
        </div>
        <a href="/dashboard/connect" className={buttonClasses("primary")}>
          Start free
        </a>
      </div>
    </footer>
  );
}

import { buttonClasses } from "@/ui/Button";
import { Logo } from "@/ui/Logo";
import { ThemeToggle } from "@/ui/ThemeToggle";

const PARTS = [
  { href: "#how", name: "How it works" },
  { href: "#reach", name: "What it may do" },
  { href: "#price", name: "Price" },
  { href: "#questions", name: "Questions" },
];

/** Above the first page: where things stand on it, and the way in. */
export function Header() {
  return (
    <header className="mx-auto flex max-w-6xl items-center justify-between gap-4 px-4 py-3 md:px-8">
      <a href="/" className="flex rounded-lg">
        <Logo />
      </a>
      <nav aria-label="On this page" className="hidden gap-1 md:flex">
        {PARTS.map(({ href, name }) => (
          <a
            key={href}
            href={href}
            className="rounded-lg px-3 py-2 text-sm font-medium text-muted hover:text-ink"
          >
            {name}
          </a>
        ))}
      </nav>
      <div className="flex items-center gap-1">
        <ThemeToggle />
        <a href="/dashboard" className={buttonClasses("secondary")}>
          Sign in
        </a>
      </div>
    </header>
  );
}

import { useGet } from "@/api/read";
import { useSession, useSignedIn } from "@/session/SessionProvider";
import { Banner } from "@/ui/Banner";
import { classes } from "@/ui/classes";
import { later } from "@/ui/later";
import { Logo } from "@/ui/Logo";
import { ThemeToggle } from "@/ui/ThemeToggle";
import {
  Activity,
  Cloud,
  Ghost,
  LayoutDashboard,
  LogOut,
  ScrollText,
  Settings,
} from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/router";
import { type ReactNode } from "react";

const Announced = later(async () => (await import("@/features/shell/Announced")).Announced);

interface Place {
  readonly href: string;
  readonly name: string;
  readonly Icon: typeof Cloud;
  /** Other pages that belong to it. */
  readonly also?: readonly string[];
}

const PLACES: readonly Place[] = [
  { href: "/dashboard", name: "Overview", Icon: LayoutDashboard },
  { href: "/dashboard/anomalies", name: "Anomalies", Icon: Activity, also: ["/dashboard/anomaly"] },
  {
    href: "/dashboard/accounts",
    name: "Accounts",
    Icon: Cloud,
    also: ["/dashboard/account", "/dashboard/connect"],
  },
  { href: "/dashboard/zombies", name: "Zombies", Icon: Ghost },
  { href: "/dashboard/audit", name: "Audit", Icon: ScrollText },
  {
    href: "/dashboard/settings",
    name: "Settings",
    Icon: Settings,
    also: ["/dashboard/settings/keys", "/dashboard/settings/billing"],
  },
];

/** What stands around every page of the dashboard: where to go, who sits there, what must not be missed. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="md:flex">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-lg bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        Skip to content
      </a>
      <Side />
      <div className="min-w-0 flex-1">
        <Top />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto max-w-6xl space-y-5 p-4 pb-24 outline-none md:p-8"
        >
          <Notices />
          {children}
        </main>
      </div>
      <Bottom />
    </div>
  );
}

function Side() {
  return (
    <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col border-r border-line bg-surface p-4 md:flex">
      <Link href="/dashboard" className="mb-6 rounded-lg px-2 py-1">
        <Logo />
      </Link>
      <nav aria-label="Main" className="space-y-1">
        {PLACES.map((place) => (
          <PlaceLink
            key={place.href}
            place={place}
            className="flex items-center gap-3 px-3 py-2 text-sm"
          />
        ))}
      </nav>
      <div className="mt-auto">
        <Person />
      </div>
    </aside>
  );
}

function Top() {
  return (
    <header className="flex items-center justify-between border-b border-line bg-surface px-4 py-2 md:hidden">
      <Link href="/dashboard" className="flex rounded-lg">
        <Logo />
      </Link>
      <Person />
    </header>
  );
}

function Bottom() {
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-40 grid grid-cols-6 border-t border-line bg-surface md:hidden"
    >
      {PLACES.map((place) => (
        <PlaceLink
          key={place.href}
          place={place}
          className="flex min-h-14 flex-col items-center justify-center gap-0.5 text-[11px]"
        />
      ))}
    </nav>
  );
}

function PlaceLink({ place, className }: { place: Place; className: string }) {
  const { pathname } = useRouter();
  const { href, name, Icon, also } = place;
  const here = pathname === href || also?.includes(pathname);
  return (
    <Link
      href={href}
      aria-current={here ? "page" : undefined}
      className={classes(
        "rounded-lg font-medium transition-colors",
        className,
        here ? "bg-accent-soft text-accent-strong" : "text-muted hover:bg-sunken hover:text-ink",
      )}
    >
      <Icon aria-hidden className="size-5 md:size-4.5" />
      {name}
    </Link>
  );
}

function Person() {
  const { name } = useSignedIn();
  const { signOut } = useSession();
  return (
    <div className="flex items-center gap-1">
      <span title={name} className="max-w-28 truncate px-2 text-sm text-muted md:flex-1">
        {name}
      </span>
      <ThemeToggle />
      <button
        type="button"
        aria-label="Sign out"
        onClick={signOut}
        className="rounded-lg p-2 text-muted hover:bg-sunken hover:text-ink"
      >
        <LogOut aria-hidden className="size-5" />
      </button>
    </div>
  );
}

/** What holds for all pages: nothing is told just now, or nothing is heard from us. */
function Notices() {
  const { body, error } = useGet("/v1/status", undefined, { refreshInterval: 15_000 });
  return (
    <>
      {body && error && (
        <Banner tone="warning" title="What you see may be old">
          We cannot be reached since a moment. It goes on by itself.
        </Banner>
      )}
      {(body?.deletionUndoUntil || body?.deletionBegun || body?.alertingPaused) && (
        <Announced {...body} />
      )}
    </>
  );
}

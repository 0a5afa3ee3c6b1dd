import { classes } from "@/ui/classes";
import { PageHead } from "@/ui/PageHead";
import Link from "next/link";
import { useRouter } from "next/router";
import { type ReactNode } from "react";

const PARTS = [
  { href: "/dashboard/settings", name: "Alerts" },
  { href: "/dashboard/settings/keys", name: "API keys" },
  { href: "/dashboard/settings/billing", name: "Billing" },
];

/** What stands around each part of the settings. */
export function SettingsPage({ children }: { children: ReactNode }) {
  const { pathname } = useRouter();
  return (
    <>
      <PageHead title="Settings" />
      <nav aria-label="Settings" className="flex gap-1 border-b border-line">
        {PARTS.map(({ href, name }) => (
          <Link
            key={href}
            href={href}
            aria-current={pathname === href ? "page" : undefined}
            className={classes(
              "-mb-px rounded-t-lg border-b-2 px-4 py-2.5 text-sm font-medium",
              pathname === href
                ? "border-accent text-accent-strong"
                : "border-transparent text-muted hover:text-ink",
            )}
          >
            {name}
          </Link>
        ))}
      </nav>
      {children}
    </>
  );
}

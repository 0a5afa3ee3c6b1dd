/** Every page, by the name of its screenshot. `{anomaly}` and `{account}` stand for one of the sample's. */
export const PAGES: Record<string, string> = {
  landing: "/",
  overview: "/dashboard",
  anomalies: "/dashboard/anomalies",
  timeline: "/dashboard/anomalies?view=timeline",
  anomaly: "/dashboard/anomaly?id={anomaly}",
  accounts: "/dashboard/accounts",
  account: "/dashboard/account?id={account}",
  connect: "/dashboard/connect",
  "connect-slack": "/dashboard/connect?step=slack",
  "connect-rehearsal": "/dashboard/connect?step=rehearsal&account={account}",
  zombies: "/dashboard/zombies",
  settings: "/dashboard/settings",
  keys: "/dashboard/settings/keys",
  billing: "/dashboard/settings/billing",
  audit: "/dashboard/audit",
  "not-found": "/no-such-page",
};

/** Windows that people have. */
export const WINDOWS = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

export const THEMES = ["light", "dark"] as const;

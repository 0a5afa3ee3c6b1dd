/** What one stage of the product differs by: the files of the dashboard are the same for all. */
export interface Config {
  /** Address of the API; empty if it is the dashboard's own. */
  readonly apiUrl: string;
  /** Who issues tokens. */
  readonly issuer: string;
  /** The dashboard, as the issuer knows it. */
  readonly clientId: string;
  /** Everything around it is played on this machine. */
  readonly local: boolean;
}

/** Reads what `/config.json` says; throws what is wrong with it. */
export function parseConfig(json: unknown): Config {
  const { apiUrl, issuer, clientId, local } = json as Record<string, unknown>;
  if (typeof apiUrl !== "string" || typeof issuer !== "string" || typeof clientId !== "string") {
    throw new Error("/config.json must name apiUrl, issuer and clientId");
  }
  return { apiUrl: apiUrl.replace(/\/$/, ""), issuer, clientId, local: local === true };
}

/** Longest wait for it. */
const TIMEOUT_MS = 15_000;

let loaded: Promise<Config> | undefined;

/** Loads it once; what failed is tried again at the next call. */
export function loadConfig(): Promise<Config> {
  loaded ??= fetch("/config.json", { cache: "no-cache", signal: AbortSignal.timeout(TIMEOUT_MS) })
    .then(async (answer) => {
      if (!answer.ok) throw new Error(`/config.json answers ${answer.status}`);
      return parseConfig(await answer.json());
    })
    .catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
  return loaded;
}

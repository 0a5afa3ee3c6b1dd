import { type Config } from "@/session/config";
import { forgetPersonal } from "@/session/personal";
import * as oauth from "oauth4webapi";

/** What other tabs are told. */
const CHANNEL = "dd0c-session";
/** Where this tab keeps its tokens. */
const TOKENS = "dd0c.tokens";
/** Where it keeps what it asked the issuer, until the answer comes. */
const QUESTION = "dd0c.question";
/** Seconds before its end from which a token is renewed. */
const EARLY = 60;
/** Longest wait for an answer of the issuer: all else in the tab waits for it. */
const TIMEOUT_MS = 15_000;
const DENIED = "You have not let us know who you are, so nobody was signed in.";
const SCOPE = "openid email profile";

/** Somebody who is signed in in this tab. */
export interface User {
  /** What the API is asked with. */
  readonly accessToken: string;
  /** As the issuer calls the person. */
  readonly name: string;
}

interface Tokens extends User {
  readonly refreshToken: string | undefined;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

interface Question {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** Where somebody was going when we sent him to sign in. */
  readonly returnTo: string;
}

/**
 * Signing in by code and PKCE at an issuer of OpenID Connect. Tokens are kept for one tab: a new tab
 * gets its own by the issuer's session, without a question, and nothing lies in the browser once the
 * tab is closed.
 */
export class Login {
  private readonly client: oauth.Client;
  private readonly redirectUri: string;
  private readonly options: { [oauth.allowInsecureRequests]: boolean; signal: () => AbortSignal };
  private readonly tabs = new BroadcastChannel(CHANNEL);
  private issuer: Promise<oauth.AuthorizationServer> | undefined;
  private renewing: Promise<User | null> | undefined;

  constructor(private readonly config: Config) {
    this.client = { client_id: config.clientId };
    this.redirectUri = `${window.location.origin}/callback`;
    // Plain http is for what is played on this machine.
    this.options = {
      [oauth.allowInsecureRequests]: config.local,
      signal: () => AbortSignal.timeout(TIMEOUT_MS),
    };
  }

  /** Who is signed in in this tab; a token that is about to end is renewed first. */
  async user(): Promise<User | null> {
    const tokens = load<Tokens>(TOKENS);
    if (!tokens) return null;
    return tokens.expiresAt - EARLY > seconds() ? tokens : this.renew();
  }

  /** Gets a new access token; `null` if the issuer gives none any more. Asked at the same time, once. */
  renew(): Promise<User | null> {
    this.renewing ??= this.refresh().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async refresh(): Promise<User | null> {
    const tokens = load<Tokens>(TOKENS);
    if (!tokens?.refreshToken) return null;
    const issuer = await this.discover();
    const { client, options } = this;
    const answer = await oauth.refreshTokenGrantRequest(
      issuer,
      client,
      oauth.None(),
      tokens.refreshToken,
      options,
    );
    try {
      const renewed = await oauth.processRefreshTokenResponse(issuer, client, answer);
      // Whoever has signed out meanwhile stays out.
      if (load<Tokens>(TOKENS)?.refreshToken !== tokens.refreshToken) return null;
      return this.keep(renewed, tokens);
    } catch (error) {
      // The issuer said no. Whatever else is wrong (no network) leaves the session as it is.
      if (error instanceof oauth.ResponseBodyError) return null;
      throw error;
    }
  }

  /** Leads to the issuer, and from there back to `returnTo`. */
  async signIn(returnTo: string): Promise<void> {
    const question: Question = {
      verifier: oauth.generateRandomCodeVerifier(),
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      returnTo,
    };
    save(QUESTION, question);
    const url = new URL(endpoint((await this.discover()).authorization_endpoint));
    url.search = new URLSearchParams({
      client_id: this.config.clientId,
      redirect_uri: this.redirectUri,
      response_type: "code",
      scope: SCOPE,
      code_challenge: await oauth.calculatePKCECodeChallenge(question.verifier),
      code_challenge_method: "S256",
      state: question.state,
      nonce: question.nonce,
    }).toString();
    window.location.assign(url);
  }

  /** Takes the issuer's answer; gives where the person was going. */
  async finish(): Promise<string> {
    const question = load<Question>(QUESTION);
    if (!question) throw new Error("This answer belongs to no question of this tab.");
    drop(QUESTION);
    const issuer = await this.discover();
    const { client, options, redirectUri } = this;
    const asked = new URL(window.location.href);
    if (asked.searchParams.get("error") === "access_denied") throw new Error(DENIED);
    const given = oauth.validateAuthResponse(issuer, client, asked, question.state);
    const answer = await oauth.authorizationCodeGrantRequest(
      issuer,
      client,
      oauth.None(),
      given,
      redirectUri,
      question.verifier,
      options,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(issuer, client, answer, {
      expectedNonce: question.nonce,
      requireIdToken: true,
    });
    this.keep(tokens, undefined);
    return ownPath(question.returnTo);
  }

  /** Ends it here, in all tabs and at the issuer; what cannot be reached does not keep anybody in. */
  async signOut(): Promise<void> {
    const tokens = load<Tokens>(TOKENS);
    this.forget();
    this.tabs.postMessage("out");
    const home = `${window.location.origin}/`;
    const issuer = await this.discover().catch(() => undefined);
    await this.revoke(issuer, tokens);
    // The address is OpenID Connect's, its parameters are Cognito's.
    const query = new URLSearchParams({ client_id: this.config.clientId, logout_uri: home });
    const end = issuer?.end_session_endpoint;
    window.location.assign(end ? `${end}?${query.toString()}` : home);
  }

  /** Makes a tab's tokens worth nothing; where nobody can be reached they end by themselves. */
  private async revoke(
    issuer: oauth.AuthorizationServer | undefined,
    tokens: Tokens | null,
  ): Promise<void> {
    if (!issuer || !tokens?.refreshToken) return;
    const { client, options } = this;
    await oauth
      .revocationRequest(issuer, client, oauth.None(), tokens.refreshToken, options)
      .catch(() => undefined);
  }

  /** Forgets whatever this tab knows of the person, tokens first. */
  private forget(): void {
    drop(TOKENS);
    forgetPersonal();
  }

  /** Tells when another tab has signed out, which ends it here too; gives what ends the telling. */
  onSignedOutElsewhere(then: () => void): () => void {
    const heard = () => {
      const tokens = load<Tokens>(TOKENS);
      this.forget();
      then();
      // Each tab has tokens of its own.
      void this.discover()
        .then((issuer) => this.revoke(issuer, tokens))
        .catch(() => undefined);
    };
    this.tabs.addEventListener("message", heard);
    return () => this.tabs.removeEventListener("message", heard);
  }

  private keep(answer: oauth.TokenEndpointResponse, before: Tokens | undefined): User {
    const claims = oauth.getValidatedIdTokenClaims(answer);
    const tokens: Tokens = {
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token ?? before?.refreshToken,
      expiresAt: seconds() + (answer.expires_in ?? 300),
      name: nameOf(claims) ?? before?.name ?? "you",
    };
    save(TOKENS, tokens);
    return tokens;
  }

  private discover(): Promise<oauth.AuthorizationServer> {
    const url = new URL(this.config.issuer);
    this.issuer ??= oauth
      .discoveryRequest(url, this.options)
      .then((answer) => oauth.processDiscoveryResponse(url, answer))
      .catch((error: unknown) => {
        this.issuer = undefined;
        throw error;
      });
    return this.issuer;
  }
}

/** A path of our own, whatever was asked for: nobody is led elsewhere after signing in. */
export function ownPath(asked: string | undefined): string {
  return asked && /^\/(?![/\\])/.test(asked) ? asked : "/dashboard";
}

/** What a person is called, by the first of these that the issuer knows. */
export function nameOf(claims: Record<string, unknown> | undefined): string | undefined {
  const names = ["name", "preferred_username", "email", "cognito:username"];
  return names
    .map((name) => claims?.[name])
    .find((name) => typeof name === "string" && name !== "") as string | undefined;
}

function endpoint(known: string | undefined): string {
  if (!known) throw new Error("The issuer names no address to sign in at.");
  return known;
}

function seconds(): number {
  return Date.now() / 1000;
}

function load<T>(key: string): T | null {
  return JSON.parse(sessionStorage.getItem(key) ?? "null") as T | null;
}

function save(key: string, value: object): void {
  sessionStorage.setItem(key, JSON.stringify(value));
}

function drop(key: string): void {
  sessionStorage.removeItem(key);
}

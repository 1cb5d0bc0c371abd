import type { EmulatorClient } from './clients'
import type { Faults } from './faults/faults'
import type { Journal } from './journal'
import type { Person } from './people'
import type { TokenRuleOptions, TokenRules } from './token-rules'

export type DeviceDenial = 'access_denied' | 'invalid_code_pair'

/** How to start an emulator; every field has a default. */
export interface EmulatorOptions extends TokenRuleOptions {
  /** TCP port. Default 0: any that is free. */
  readonly port?: number | undefined
  /** Address to listen on. Default `127.0.0.1`: not reachable from other machines. */
  readonly host?: string | undefined
  /** Who may ask for logins. Default: `DEMO_CLIENTS`. */
  readonly clients?: readonly EmulatorClient[] | undefined
  /** Who can sign in, at least one. Default: `PEOPLE`. */
  readonly people?: readonly Person[] | undefined
  /** Time each answer of Amazon's endpoints takes, in milliseconds. Default 0. */
  readonly latencyMs?: number | undefined
  /** Least time between two polls of a device, in seconds. Default 30, as Amazon has it. */
  readonly pollIntervalSeconds?: number | undefined
  /** How long the codes of a device are good, in seconds. Default 600, as Amazon has it. */
  readonly codePairLifeSeconds?: number | undefined
  /**
   * What a device is told whose person said no. Default `access_denied`, as RFC 8628 has it: what Amazon says is not
   * documented.
   */
  readonly deviceDenial?: DeviceDenial | undefined
  /** How Amazon names itself in what it says of a token. Default `https://www.amazon.com`. */
  readonly issuer?: string | undefined
  /** Serves https with this key and certificate (PEM). Default: http. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer } | undefined
  /** Clock in milliseconds since 1970, by which codes and tokens expire. Default: `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** What a person is taken to have allowed, without a browser. */
export interface IssueCodeOptions {
  /** Id of a client that the emulator knows. */
  readonly clientId: string
  /** One of the client's allowed return URLs. */
  readonly redirectUri: string
  /** Amazon's id of the person. Default: the first person. */
  readonly userId?: string | undefined
  /** Scopes that are granted, separated by spaces. Default `profile`. */
  readonly scope?: string | undefined
  /** PKCE challenge, method S256. Default: none. */
  readonly codeChallenge?: string | undefined
}

/** Whose consent ends. */
export interface WithdrawConsentOptions {
  /** Id of a client that the emulator knows. */
  readonly clientId: string
  /** Amazon's id of the person. Default: the first person. */
  readonly userId?: string | undefined
}

export interface IssueAccessTokenOptions {
  /** Any id, also of a client the emulator does not know. */
  readonly clientId: string
  /** Amazon's id of the person. Default: the first person. */
  readonly userId?: string | undefined
  /** Scopes that are granted, separated by spaces. Default `profile`. */
  readonly scope?: string | undefined
  /** How long it is good, in seconds. Default 3600. */
  readonly expiresInSeconds?: number | undefined
}

/** A running emulator of Login with Amazon. */
export interface Emulator {
  /** Such as `http://127.0.0.1:49152`. */
  readonly origin: string
  /** Address of the consent page. */
  readonly authorizeUrl: string
  /** Base of the token, profile and token info endpoints. */
  readonly apiUrl: string
  /** What the endpoints were asked. */
  readonly journal: Journal
  /** Switches for answers that are wrong, slow or missing. */
  readonly faults: Faults
  /** How tokens are issued. */
  readonly tokenRules: TokenRules
  /** Adds a client or replaces the one of that id. Throws TypeError when a field is wrong. */
  addClient(client: EmulatorClient): void
  /** Issues an authorization code. Throws TypeError for an unknown client, person or URL. */
  issueCode(options: IssueCodeOptions): string
  /** Issues an access token, for any client. Throws TypeError for an unknown person. */
  issueAccessToken(options: IssueAccessTokenOptions): string
  /**
   * Does what a person does who removes an app in their account: every token for it is worth nothing from now on. Throws
   * TypeError for an unknown person.
   */
  withdrawConsent(options: WithdrawConsentOptions): void
  /**
   * Goes through the consent page as a browser does, and allows.
   *
   * @param authorizeUrl Whole URL, as the app redirected to it: what `headers.get('location')` gave. Its origin must be the
   *   emulator's.
   * @param userId Who signs in. Default: the first person.
   * @param choice.without Voluntary scopes (`scope_data`) whose ticks the person takes away. Default: none.
   * @returns The URL the browser is sent to, also when that is an error before the page.
   * @throws {TypeError} `null`: the app did not redirect; or another origin.
   * @throws {Error} When there is a page that leads no further, such as for an unknown client.
   */
  allow(
    authorizeUrl: string | null,
    userId?: string,
    choice?: { readonly without?: readonly string[] | undefined },
  ): Promise<string>
  /** As `allow`, but cancels. */
  deny(authorizeUrl: string | null): Promise<string>
  /**
   * Does what a person does who types the code of a device and allows it.
   *
   * @param userId Who signs in. Default: the first person.
   * @throws {TypeError} No such code waits, or there is no such person.
   */
  allowDevice(userCode: string, userId?: string): void
  /** As `allowDevice`, but cancels. */
  denyDevice(userCode: string): void
  /** Stops listening and ends every connection, also those that hang. */
  close(): Promise<void>
}

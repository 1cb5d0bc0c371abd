import { REGIONS } from '../amazon/endpoints'
import { byWireName, type Table } from '../wire-names'
import type { Json } from './settings'
import { claims } from './claims-setting'
import { findOddCharacter } from './odd-character'
import { isAppScheme, isHostileUrl } from './target-url'
import {
  amazonKey,
  findNonOrigins,
  flag,
  type Format,
  FormatError,
  HarmfulValueError,
  hintAtCommas,
  type List,
  listItems,
  ON_REVOKED,
  onRevoked,
  origins,
  publicUrl,
  region,
  scopes,
  seconds,
  secret,
  target,
} from './value-formats'

/** How people write a setting in a form: one line, a choice of words, items by the line, or JSON. */
export type SettingInput = 'text' | 'flag' | 'choice' | 'list' | 'url' | 'duration' | 'json'

/** One setting of an app that has a meaning here. Apps may keep any others too. */
export interface SettingInfo {
  readonly reads: Format<Json, unknown>
  /** Default: `text`. */
  readonly input?: SettingInput
  /** The words that a choice is of. */
  readonly words?: readonly string[]
  /** Sealed in the store, and masked when it is read over the API. */
  readonly isSecret?: true
  /** What Para calls it, where that differs. Both names count; where both are set, Para's wins. */
  readonly paraName?: string
  /** An address that people are sent to: its scheme must be one of those that the app allows. */
  readonly leadsTo?: true
  /** What is in force while the value cannot be read. Default: nothing is. */
  readonly whenUnreadable?: Json
  /** What it lists, if it does, and the items that its format leaves out. */
  readonly list?: { readonly of: string; readonly findUnused: (value: Json) => readonly string[] }
}

/** Aliases as the API has them: comma-separated text. */
const originsText: Format<string, List> = {
  ...origins,
  parse(value) {
    if (listItems(value).some(isHostileUrl)) {
      throw new HarmfulValueError(
        'must list origins such as https://app.example.com, comma-separated',
      )
    }
    return origins.parse(value).join(',')
  },
}

/** As the API has them: comma-separated text. `myapp:` and `myapp://` are read as `myapp`. */
export const appSchemes: Format<string, List> = {
  parse: (value) =>
    listItems(value)
      .map((item) => schemeOf(item))
      .filter(isAppScheme)
      .join(','),
}

function schemeOf(item: string): string {
  return item.toLowerCase().replace(/:\/{0,2}$/, '')
}

/** As the API has them: comma-separated text. What cannot be a client id is left out. */
const clientIds: Format<string, List> = {
  parse: (value) => listItems(value).filter(isClientId).join(','),
  warn: (value) =>
    findNonClientIds(value).map(
      (item) => `leaves out ${JSON.stringify(item)}: it is no client id${explainNonClientId(item)}`,
    ),
}

function explainNonClientId(item: string): string {
  const odd = findOddCharacter(item)
  return odd === undefined ? hintAtCommas(item) : `, for it holds ${odd}`
}

function findNonClientIds(value: unknown): readonly string[] {
  return listItems(value).filter((item) => !isClientId(item))
}

/** Printable, in one piece, and no longer than any that Amazon gives out. */
function isClientId(item: string): boolean {
  return /^[\x21-\x7e]{1,256}$/.test(item)
}

const appUrl: Format<string> = {
  parse(value) {
    if (typeof value === 'string' && isHostileUrl(value.trim())) {
      throw new HarmfulValueError(
        'must be an http or https address such as https://auth.example.com',
      )
    }
    return publicUrl.parse(value)
  },
}

/** Neither on nor off must not be kept of these: being strict would be on, and what is kept of tokens would be removed. */
const certainFlag: Format<boolean> = {
  parse(value) {
    try {
      return flag.parse(value)
    } catch (thrown) {
      throw thrown instanceof FormatError ? new HarmfulValueError(thrown.message) : thrown
    }
  },
}

/** Every setting that has a meaning. Options of apps have the comments too, and so has application.conf.example. */
export const SETTINGS = {
  /** Client id of the app's Security Profile at Amazon; goes with its secret. @default none: nobody signs in */
  azAppId: { reads: amazonKey },
  /** Client secret of the app's Security Profile at Amazon; goes with its id. @default none: nobody signs in */
  azSecret: { reads: amazonKey, isSecret: true },
  /** Further client ids of the same Security Profile, as its mobile apps have, whose access tokens sign in here; comma-separated. @default none */
  azClientIds: {
    reads: clientIds,
    input: 'list',
    list: {
      of: 'client ids, comma-separated',
      findUnused: findNonClientIds,
    },
  },
  /** Client id for devices (TVs, kiosks, terminals), as the Security Profile gives them one of their own. @default azAppId */
  azDeviceAppId: { reads: amazonKey },
  /** Client secret that goes with it, where there is one. @default none */
  azDeviceSecret: { reads: amazonKey, isSecret: true },
  /** Where users go after signing in; `jwt=?` or `jwt=id` in it becomes a token. @default / */
  signinSuccess: { reads: target, input: 'url', leadsTo: true },
  /** Where users go whose sign-in failed; `cause=?` in it becomes the reason. @default security.signinFailure */
  signinFailure: { reads: target, input: 'url', leadsTo: true },
  /** Address under which browsers reach this host for this app. @default that of all apps */
  publicUrl: { reads: appUrl, input: 'url' },
  security: {
    /** Schemes of its own that both may lead to, comma-separated: `myapp` for `myapp://signed-in`. @default those with a dot in them */
    appSchemes: {
      reads: appSchemes,
      input: 'list',
      list: {
        of: 'schemes, comma-separated',
        findUnused: (value: Json) =>
          listItems(value).filter((item) => !isAppScheme(schemeOf(item))),
      },
    },
    /** Origins of further front ends that `host_url` and `state=<app>|<n>` may pick. @default none */
    hosturlAliases: {
      reads: originsText,
      input: 'list',
      list: { of: 'origins, comma-separated', findUnused: findNonOrigins },
    },
    /** Every safer choice on, for this app. @default as for all apps */
    strict: { reads: certainFlag, input: 'flag', whenUnreadable: true },
    /** A new Amazon account with a known email takes over that user. @default as for all apps */
    linkByEmail: { reads: flag, input: 'flag' },
  },
  amazon: {
    /** Whose Amazon signs people in to this app: na (North America), eu (Europe) or fe (Far East). @default as for all apps */
    region: { reads: region, input: 'choice', words: REGIONS },
    /** Scopes that this app asks for, separated by spaces. @default as for all apps */
    scope: { reads: scopes },
    /** Further scopes, which people may leave out on Amazon's page. @default as for all apps */
    voluntaryScope: { reads: scopes },
    /** Amazon's tokens of this app's users are kept, sealed, and refreshed, so that the app can call Amazon for them. @default as for all apps */
    keepTokens: { reads: certainFlag, input: 'flag' },
    /** What becomes of a user who turns out to have withdrawn their consent: keep (nothing), or sign_out (sessions and tokens end). @default as for all apps */
    onRevoked: { reads: onRevoked, input: 'choice', words: ON_REVOKED },
  },
  /** Where fields of its users and claims of its ID tokens come from: `{ displayName: 'name' }`. @default as for all apps */
  claims: { reads: claims, input: 'json' },
  /** Life of a session token of this app: seconds, or text such as `12 hours`. @default jwtExpiresAfter */
  sessionTimeout: { reads: seconds, input: 'duration' },
  /** Issuing a session token ends the user's older ones. @default as for all apps */
  oneSessionPerUser: { reads: flag, input: 'flag', paraName: 'security.one_session_per_user' },
  /** Signs the tokens that the app's own back end hands to `/passwordless_auth`; 32 characters or more. @default none */
  appSecretKey: { reads: secret, isSecret: true },
} satisfies Table<SettingInfo>

/** All of them by wire name. */
export const KNOWN_SETTINGS: ReadonlyMap<string, SettingInfo & { readonly path: string }> =
  byWireName<SettingInfo>(SETTINGS)

const PARA_NAMES: ReadonlyMap<string, string> = new Map(
  Array.from(KNOWN_SETTINGS).flatMap(([name, { paraName }]) =>
    paraName === undefined ? [] : [[paraName, name] as const],
  ),
)

/** Every name that has a meaning, Para's own among them. */
export const KNOWN_SETTING_NAMES: readonly string[] = [
  ...KNOWN_SETTINGS.keys(),
  ...PARA_NAMES.keys(),
]

/** The name under which {@link KNOWN_SETTINGS} has a setting; undefined: it has no meaning here. */
export function knownSettingName(name: string): string | undefined {
  return KNOWN_SETTINGS.has(name) ? name : PARA_NAMES.get(name)
}

/** What a setting of this name, be it Para's, means here. */
export function settingInfo(name: string): SettingInfo | undefined {
  return KNOWN_SETTINGS.get(PARA_NAMES.get(name) ?? name)
}

const SECRET_NAME = /(^|[._-])(secret|secret[._-]?key|password|token|private[._-]?key)$/i

/** Whether a setting is sealed at rest and masked: known secrets, and any name that ends like one. */
export function isSecretSetting(name: string): boolean {
  return KNOWN_SETTINGS.get(name)?.isSecret === true || SECRET_NAME.test(name)
}

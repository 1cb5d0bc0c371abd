import type { App } from '../apps/app'
import type { AppDirectory } from '../apps/app-directory'
import { normalizeAppId } from '../apps/app-id'
import { AmazonAuthError } from '../errors'
import { admitToken, type AdmitTokenDeps, type Door } from '../tokens/admit-token'
import type { AppCaller, Caller } from './caller'
import { parseSignature } from './parse-signature'
import { isSigned, type SignedRequest } from './signed-request'

export interface Credentials {
  /** The request, once for each form its body may have had on the wire; usually one. */
  readonly signedForms: readonly SignedRequest[]
  /** The same as the client may have sent it to a proxy, in case that none of them fits. */
  readonly clientForms: () => readonly SignedRequest[]
  /** Value of `Authorization`, or of the query parameter of that name where it is allowed. */
  readonly authorization: string | undefined
  /** Where a token is shown. */
  readonly door: Door
}

/**
 * Finds out who sends a request to the API: an app by Signature Version 4 or a super token, or a user by a token.
 *
 * @returns Undefined when the request names nobody.
 * @throws {AmazonAuthError} `token_invalid`; `signature_malformed`, `signature_expired`, `signature_invalid`,
 *   `access_key_unknown`, `access_key_inactive`; `store_unavailable`
 */
export async function identifyCaller(
  { signedForms, clientForms, authorization, door }: Credentials,
  deps: AdmitTokenDeps,
): Promise<Caller | undefined> {
  const [request] = signedForms
  if (request !== undefined && isSigned(request.headers)) {
    return verifySigner(signedForms, clientForms, deps)
  }
  const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
  if (token === undefined) return undefined
  const { app, user, kind: tokenKind, wantsKeys } = await admitToken(token, door, deps)
  return user === undefined
    ? { kind: 'app', app, wantsKeys }
    : { kind: 'user', app, user, tokenKind }
}

async function verifySigner(
  forms: readonly SignedRequest[],
  clientForms: Credentials['clientForms'],
  deps: AdmitTokenDeps,
): Promise<AppCaller> {
  const nowMs = deps.now()
  const signatures = parseForms(forms, nowMs)
  const { accessKey = '', signature = '', expiresAtMs = 0 } = signatures[0] ?? {}
  const app = await findSigner(accessKey, deps.apps)
  // Also for a key that nobody has, so that the time of the answer does not tell which there are.
  const proves = (parsed: typeof signatures) =>
    parsed.map((form) => form.verify(app?.secret)).includes(true)
  const others = proves(signatures) ? undefined : clientForms()
  const isProven = others === undefined || (others.length > 0 && proves(parseForms(others, nowMs)))
  if (app === undefined && !deps.policy.strict) {
    throw new AmazonAuthError('access_key_unknown', { accessKey: accessKey.slice(0, 64) })
  }
  if (app === undefined || !isProven) {
    const checked = describeForms([...forms, ...(others ?? [])])
    throw new AmazonAuthError('signature_invalid', { accessKey: accessKey.slice(0, 64), checked })
  }
  if (!app.active) throw new AmazonAuthError('access_key_inactive', { app: app.id })
  return { kind: 'app', app, signature: { text: signature, expiresAtMs } }
}

/** What was compared, so that it can be held against what the client signs: never a query or a body. */
function describeForms(forms: readonly SignedRequest[]): string {
  const lines = forms.map(({ method, target, headers }) => {
    const [, host = ''] = headers.find(([name]) => name.toLowerCase() === 'host') ?? []
    return `${method} ${host.slice(0, MAX_TOLD)} ${target.split('?', 1)[0]?.slice(0, MAX_TOLD) ?? ''}`
  })
  return [...new Set(lines)].join(', or ')
}

const MAX_TOLD = 128

/** A form whose body does not fit the signed hash says nothing; when none fits, the last one tells why. */
function parseForms(forms: readonly SignedRequest[], nowMs: number) {
  let refusal: unknown
  const signatures = forms.flatMap((form) => {
    try {
      return [parseSignature(form, nowMs)]
    } catch (error) {
      refusal = error
      return []
    }
  })
  if (signatures.length === 0) throw refusal
  return signatures
}

/** An access key is `app:<name>`, to the letter: no other spelling of a name is one. */
async function findSigner(accessKey: string, apps: AppDirectory): Promise<App | undefined> {
  const appId = normalizeAppId(accessKey)
  const isExact = accessKey === `app:${appId}` || accessKey === appId
  return isExact && appId !== '' ? apps.find(appId) : undefined
}

import type { Request } from 'express'

import { isStrict } from '../../apps/typed-setting'
import { AmazonAuthError } from '../../errors'
import type { Caller } from '../../request-auth/caller'
import { identifyCaller } from '../../request-auth/identify-caller'
import type { AuthServices } from '../auth-services'
import { limitCaller } from '../limits/limit-callers'
import { queryEntries } from '../read-parameters'
import type { Access, Operation } from './operation'
import { clientForms, signedForms } from './signed-forms'

/**
 * Finds out who calls and whether they may.
 *
 * @param bodies The body in each form it may have had on the wire.
 * @returns Undefined where anyone may call and nobody says who they are.
 * @throws {AmazonAuthError} `unauthorized` (nobody), `caller_forbidden` (the wrong kind of caller, or a signed change
 *   for the second time), `too_many_requests`, and what {@link identifyCaller} throws.
 */
export async function authenticate(
  req: Request,
  bodies: readonly Buffer[],
  operation: Operation,
  services: AuthServices,
): Promise<Caller | undefined> {
  if (operation.access === 'anyone') return undefined
  const { authorization = queryToken(req, operation) } = req.headers
  const isInUrl = req.headers.authorization === undefined
  const forms = signedForms(req, bodies)
  const caller = await identifyCaller(
    {
      signedForms: forms,
      clientForms: () => clientForms(req, forms, services.policy.publicUrl),
      authorization,
      door: { takes: operation.takesTokens ?? ['session', 'super'], isInUrl },
    },
    services,
  ).catch(async (thrown: unknown) => {
    throw await limitCaller(thrown, req, services)
  })
  requireAccess(caller, operation.access, services)
  await refuseReplay(caller, operation, services)
  return caller
}

function requireAccess(caller: Caller | undefined, access: Access, { apps }: AuthServices): void {
  if (access === 'optional') return
  if (caller === undefined) throw new AmazonAuthError('unauthorized')
  if (access === 'caller') return
  if (access === 'user' ? caller.kind === 'user' : caller.kind === 'app') {
    if (access !== 'root' || caller.app.id === apps.rootId) return
    throw forbidden('Only the root app may do that: sign with its keys.', caller)
  }
  throw forbidden(
    access === 'user'
      ? "Only a user may do that: send the user's token as Bearer."
      : "Only an app may do that: sign the request with the app's keys.",
    caller,
  )
}

/** What changes something is done once for a signature, where the app is strict. Otherwise it just changes nothing more. */
async function refuseReplay(
  caller: Caller | undefined,
  { method, id }: Operation,
  services: AuthServices,
): Promise<void> {
  const isChange = method !== 'GET' || id === 'createApp'
  if (!isChange || caller?.kind !== 'app' || caller.signature === undefined) return
  const { app, signature } = caller
  if (!isStrict(app, services)) return
  const { text, expiresAtMs } = signature
  const use = { appId: app.id, name: `signature ${text}`, expiresAtMs }
  if (!(await services.singleUse.take(use)))
    throw forbidden('This signed request was made before: sign it anew.', caller)
}

/** `?Authorization=Bearer …`, where the contract has it. */
function queryToken(req: Request, operation: Operation): string | undefined {
  if (operation.takesTokenInQuery !== true) return undefined
  return new Map(queryEntries(req)).get('Authorization')
}

function forbidden(problem: string, { app }: Caller): AmazonAuthError {
  return new AmazonAuthError('caller_forbidden', { app: app.id, problem })
}

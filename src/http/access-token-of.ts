import { normalizeAppId } from '../apps/app-id'
import { AmazonAuthError } from '../errors'
import type { AccessTokenOptions } from '../kept-tokens/kept-tokens'
import type { SignInServices } from './auth-services'

/** A user of an app. */
export interface TokenOwner {
  /** Id of the app, with or without `app:`. */
  readonly app: string
  readonly userId: string
}

/** @throws {AmazonAuthError} `app_not_found`, and what `KeptTokens.accessToken` throws. */
export async function accessTokenOf(
  { app: name, userId }: TokenOwner,
  options: AccessTokenOptions,
  services: SignInServices,
): Promise<string> {
  await services.ready()
  const app = await services.apps.find(normalizeAppId(name))
  if (app === undefined) throw new AmazonAuthError('app_not_found', { app: name.slice(0, 64) })
  const { accessToken } = await services.keptTokens.accessToken(app, userId, options)
  return accessToken
}

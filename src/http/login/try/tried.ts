import type { App } from '../../../apps/app'
import { findClientCredentials } from '../../../apps/client-credentials'
import type { SignInServices } from '../../auth-services'

/** As good as for ever: what it tells ends with the keys that were tried. */
const TEN_YEARS_MS = 10 * 365 * 24 * 3_600_000

/**
 * Notes that a sign-in that was tried has worked, for the guide that leads operators through the set-up. It tells nothing of
 * who has tried; where there are no pages for operators, nobody would ask.
 */
export async function noteTried(app: App, services: SignInServices): Promise<void> {
  if (services.policy.admin.isOn !== true) return
  const { singleUse, logger, now } = services
  const use = { appId: app.id, name: nameOf(app), expiresAtMs: now() + TEN_YEARS_MS }
  await singleUse.take(use).catch((cause: unknown) => {
    logger.warn({ app: app.id, cause }, 'that a try has worked could not be noted')
  })
}

/**
 * Whether a try has worked with the keys at Amazon that the app has now.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export function wasTried(app: App, { singleUse }: SignInServices): Promise<boolean> {
  return singleUse.wasTaken({ appId: app.id, name: nameOf(app) })
}

/** The store keeps a hash of it. */
function nameOf(app: App): string {
  const { clientId = '', clientSecret = '' } = findClientCredentials(app) ?? {}
  return `tried ${app.createdAtMs} ${clientId} ${clientSecret}`
}

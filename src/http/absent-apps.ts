import type { SessionServices } from './auth-services'
import type { Installation } from './installation'

/** Names that requests bring along (in a host name, in a path) may be any visitor's: of these, no more are told. */
const MAX_NAMES_OF_REQUESTS = 5
const MAX_SHOWN_CHARACTERS = 64

/** Tells that a guard demands an app that is not there, once for each name. */
export type WarnOfAbsentApp = (
  services: SessionServices,
  absent: { readonly appId: string; readonly isOfRequest: boolean },
) => void

export function createWarnOfAbsentApp(warnOnce: Installation['warnOnce']): WarnOfAbsentApp {
  const ofRequests = new Set<string>()
  return (services, { appId, isOfRequest }) => {
    const name = appId.slice(0, MAX_SHOWN_CHARACTERS)
    if (!isOfRequest) {
      warnOnce(services, `${absence(name)}, so nobody gets in. ${remedy(name)}`, { app: name })
    } else if (ofRequests.size < MAX_NAMES_OF_REQUESTS && !ofRequests.has(name)) {
      ofRequests.add(name)
      const message = `${absence(name)}, which resolveApp or the option "app" names for a request, so nobody gets in. ${remedy(name)} ${OF_REQUEST}`
      services.logger.warn({ app: name }, message)
    }
  }
}

const OF_REQUEST = `Or let it name another app for that host or path. No more than ${MAX_NAMES_OF_REQUESTS} such names are told.`

function absence(name: string): string {
  return `requireUser: there is no app "${name}"`
}

function remedy(name: string): string {
  return `Is it misspelt (capitals count)? If not, make it: in the option apps, or by express-amazon-auth apps create ${name}.`
}

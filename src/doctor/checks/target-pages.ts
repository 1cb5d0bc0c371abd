import { textSetting } from '../../apps/typed-setting'
import { isUrl } from '../../to-url'
import { ok, warning, type AppNetworkCheck, type Finding, type Reachable } from '../check'
import type { CheckedApp } from '../checked-app'
import type { Visit } from '../visit-page'

const TARGETS = ['signin_success', 'signin_failure'] as const

/** Whether the pages that logins end on are there, as far as this machine can see. */
export const targetPages: AppNetworkCheck = {
  id: 'target_pages',
  of: 'app-network',
  async look(checked, around) {
    const found = await Promise.all(TARGETS.map((setting) => lookAt(setting, checked, around)))
    return found.filter((finding) => finding !== undefined)
  },
}

async function lookAt(
  setting: (typeof TARGETS)[number],
  { app, originOf }: CheckedApp,
  { network, mayTellInside }: Reachable,
): Promise<Finding | undefined> {
  const page = textSetting(app, setting)
  if (page === undefined || !/^https?:\/\//i.test(page) || !isUrl(page)) return undefined
  const visit = await network.visit(page)
  const origin = originOf(setting)
  if ('unreached' in visit) return unreached(setting, visit, { origin, mayTellInside })
  const { status, url } = visit
  if (status === 404 || status === 410) {
    return warning(
      `${setting} leads to a page that answers ${status} to a HEAD request`,
      `Compare the address with the routes of that site, slashes and letters' case included.`,
      origin,
    )
  }
  if (status >= 500 && status !== 501) {
    return warning(
      `${setting} leads to a page that answers ${status}`,
      'Look into the log of that site: people end there when they are signed in.',
      origin,
    )
  }
  if (losesToken(page, url)) {
    return warning(
      `${setting} is redirected to ${new URL(url).origin}${new URL(url).pathname} without its query, where the token would be`,
      'Name the address that it ends at (https, www, the slash at the end), or let the redirect keep the query.',
      origin,
    )
  }
  return ok(`${setting} answers (${status})`, origin)
}

/** An app learns nothing of the network around this host: all that is not reached looks alike. */
function unreached(
  setting: string,
  { unreached: code }: Extract<Visit, { unreached: string }>,
  told: { readonly origin: string | undefined; readonly mayTellInside: boolean },
): Finding {
  const seen = `${setting} leads to a page that`
  if (told.mayTellInside && code === 'PRIVATE_ADDRESS') {
    return warning(
      `${seen} is not asked: at such an address clouds keep the credentials of machines`,
      `Correct ${setting}: no page of an app lies there.`,
      told.origin,
    )
  }
  return warning(
    `${seen} ${told.mayTellInside ? `cannot be reached from here (${code})` : 'is not asked, or not reached, from here'}`,
    'Open it in a browser. Where it opens there, nothing is wrong: only browsers have to reach it.',
    told.origin,
  )
}

/** Redirects to the same page by another spelling; one to another page may well have taken the token. */
function losesToken(page: string, end: string): boolean {
  const [from, to] = [new URL(page), new URL(end)]
  const pathOf = ({ pathname }: URL): string => pathname.replace(/\/+$/, '').toLowerCase()
  return from.search.includes('jwt=') && pathOf(from) === pathOf(to) && !to.search.includes('jwt=')
}

import type { AmazonAuthOptions } from '../../src'
import { createSealer } from '../../src/crypto/sealer'
import { getMasterKeys } from '../../src/store/master-key'
import type { Answer, Browser } from './browser'
import { ROOT, type HostOptions } from './host'
import { APPS, startLoginWorld, type LoginWorld } from './login-world'

export const ROOT_SECRET = 'root-secret-of-at-least-thirty-two-characters'

/** A browser that is signed in to the pages for operators. */
export interface OperatorBrowser {
  readonly browser: Browser
  /** @param path Below the pages. */
  get(path: string): Promise<Answer>
  /** Sends a form as the page at `from` (default: the path itself) would: with its token. */
  post(path: string, fields?: Readonly<Record<string, string>>, from?: string): Promise<Answer>
  /** The same, and then the page that the answer leads to. */
  postAndFollow(path: string, fields?: Readonly<Record<string, string>>): Promise<Answer>
}

/** A host with pages for operators at `/admin`. */
export interface AdminWorld extends LoginWorld {
  /** Signs in by the keys of an app. Default: the root app. */
  operator(appId?: string): Promise<OperatorBrowser>
  /** The secret key of an app. */
  secretOf(appId: string): string
}

export async function startAdminWorld(setup: HostOptions = {}): Promise<AdminWorld> {
  const { options, ...rest } = setup
  const admin: AmazonAuthOptions['admin'] = { enabled: true, ...options?.admin }
  const world = await startLoginWorld({
    ...rest,
    options: {
      azAppId: ROOT.clientId,
      azSecret: ROOT.clientSecret,
      rootSecretKey: ROOT_SECRET,
      api: { manage: true },
      apps: APPS,
      ...options,
      admin,
    },
  })
  const base = (setup.mount ?? '') + (admin.path ?? '/admin')

  /** As the key file beside the store opens it. */
  function secretOf(appId: string): string {
    if (appId === 'para') return ROOT_SECRET
    const { url } = world.store
    const keys = () => getMasterKeys({ secretKeys: [], storeUrl: url, mayCreate: false })
    const [row] = world.store.rows('SELECT sealed_secret FROM apps WHERE app_id = ?', appId)
    const secret = createSealer(keys, 'secrets at rest').open(String(row?.sealed_secret), appId)
    if (secret === undefined) throw new Error(`no secret of ${appId}`)
    return secret
  }
  return {
    ...world,
    secretOf,
    async operator(appId = 'para') {
      const browser = world.browser()
      const form = { access_key: `app:${appId}`, secret_key: secretOf(appId) }
      const answer = await browser.send(`${base}/sign-in`, { method: 'POST', form })
      if (answer.status !== 303) throw new Error(`not signed in: ${answer.status} ${answer.body}`)
      return operatorBrowser(browser, base)
    },
  }
}

function operatorBrowser(browser: Browser, base: string): OperatorBrowser {
  const get = (path: string) => browser.get(base + path, { accept: 'text/html' })
  async function post(path: string, fields: Readonly<Record<string, string>> = {}, from = path) {
    const { body } = await get(from)
    const form = { ...fields, form_token: tokenIn(body) }
    const headers = { accept: 'text/html', origin: browser.origin }
    return browser.send(base + path, { method: 'POST', headers, form })
  }
  return {
    browser,
    get,
    post,
    async postAndFollow(path, fields) {
      const { status, location, body } = await post(path, fields)
      if (status !== 303) throw new Error(`leads nowhere: ${status} ${body.slice(0, 500)}`)
      return get(location.slice(base.length))
    },
  }
}

/** The token that the forms of a page carry. */
export function tokenIn(body: string): string {
  const [, token] = /name="form_token" value="([^"]+)"/.exec(body) ?? []
  if (token === undefined) throw new Error(`no form in the page: ${body.slice(0, 500)}`)
  return token
}

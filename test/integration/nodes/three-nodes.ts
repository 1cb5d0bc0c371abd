import { startEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator'
import { callAt, type ApiAnswer, type Keys, type Sending } from '../../support/api'
import { Browser, type Answer } from '../../support/browser'
import { startRoundRobinProxy, type RoundRobinProxy } from '../../support/round-robin-proxy'
import { Workplace, type Listening } from '../server/command-line'

/** What the nodes share. */
export interface SharedStore {
  readonly storeUrl: string
  /** Empty: sessions lie in the store. */
  readonly sessionStoreUrl: string
  close(): Promise<void>
}

export const ROOT: Keys = {
  accessKey: 'app:para',
  secretKey: 'the-root-secret-of-three-nodes-0123456789',
}

/** Three servers in processes of their own on one store, behind a load balancer, with the emulator as their Amazon. */
export interface ThreeNodes {
  readonly storeUrl: string
  readonly emulator: Emulator
  readonly proxy: RoundRobinProxy
  readonly nodes: readonly [Listening, Listening, Listening]
  browser(): Browser
  /** Asks one node, past the load balancer. */
  call(node: Listening, line: string, sending?: Sending): Promise<ApiAnswer>
  /** Makes an app on the first node, with a client of its own at Amazon. */
  createApp(name: string): Promise<Keys>
  /** Starts one more node, and has it take its share. */
  startNode(): Promise<Listening>
  close(): Promise<void>
}

export async function startThreeNodes(
  store: SharedStore,
  amazon: EmulatorOptions = {},
): Promise<ThreeNodes> {
  const emulator = await startEmulator({ ...amazon, clients: [] })
  const proxy = await startRoundRobinProxy()
  const place = new Workplace()
  place.write('application.conf', [
    'para.port = 0',
    'para.host = "127.0.0.1"',
    `para.public_url = "${proxy.origin}"`,
    `para.store.url = "${store.storeUrl}"`,
    `para.session.store_url = "${store.sessionStoreUrl}"`,
    'para.secret_key = "the-master-key-of-three-nodes-0123456789"',
    `para.root_secret_key = "${ROOT.secretKey}"`,
    `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
    `para.amazon.api_url = "${emulator.apiUrl}"`,
    'para.limits.failures_per_minute = 0',
  ])
  const call: ThreeNodes['call'] = ({ origin }, line, sending) => callAt(origin, line, sending)
  async function startNode(): Promise<Listening> {
    const node = await place.listen(['serve', '--allow-emulator'])
    proxy.add(node.origin)
    return node
  }
  async function close(): Promise<void> {
    await place.clear()
    await proxy.close()
    await emulator.close()
    await store.close()
  }
  const nodes = await Promise.all([startNode(), startNode(), startNode()]).catch(
    async (error: unknown) => {
      await close()
      throw error
    },
  )
  return {
    storeUrl: store.storeUrl,
    emulator,
    proxy,
    nodes,
    browser: () => new Browser(proxy.origin),
    call,
    async createApp(name) {
      const client = { clientId: `client.${name}`, clientSecret: `secret.${name}` }
      emulator.addClient({ ...client, allowedReturnUrls: [], allowAnyReturnUrl: true })
      const { json: keys } = await call(nodes[0], `GET /v1/_setup/${name}`, { as: ROOT })
      const body = {
        az_app_id: client.clientId,
        az_secret: client.clientSecret,
        signin_success: '/in',
        signin_failure: '/failed?cause=?',
      }
      await call(nodes[0], 'PUT /v1/_settings', { as: keys, body })
      return keys
    },
    startNode,
    close,
  }
}

/** The same page of another node: what a browser would get if the load balancer sent it there. */
export function at(node: Listening, url: string): string {
  const { pathname, search } = new URL(url, node.origin)
  return node.origin + pathname + search
}

/** Opens a page as people do: when the load balancer says 502, once more. */
export async function visit(browser: Browser, path: string): Promise<Answer> {
  const answer = await browser.get(path)
  return answer.status === 502 ? browser.get(path) : answer
}

/** Signs in by a browser, wherever the load balancer sends each request. */
export async function signIn(
  { emulator }: ThreeNodes,
  browser: Browser,
  appId: string,
  userId?: string,
): Promise<Answer> {
  const begun = await visit(browser, `/amazon_auth?state=${appId}`)
  if (begun.status !== 302) return begun
  return visit(browser, await emulator.allow(begun.location, userId))
}

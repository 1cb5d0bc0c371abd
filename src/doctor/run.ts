import { findClientCredentials } from '../apps/client-credentials'
import { toAmazonAuthError, type AmazonAuthError } from '../errors'
import type { Logger } from '../logger'
import {
  failure,
  warning,
  type Check,
  type Findings,
  type Result,
  type Surroundings,
} from './check'
import { findingsOf } from './findings-of'
import type { FoundApp } from './found-app'
import { NotAsked, type Network } from './network'
import type { Question } from './question'
import type { Memory } from './remembered'

export interface RunDeps {
  readonly checks: readonly Check[]
  readonly memory: Memory
  readonly logger: Logger
}

/** One run, check by check: a check that fails by itself is told of, and keeps no other from its turn. */
export class Run {
  private done = 0
  private total = 0

  constructor(
    private readonly question: Question,
    private readonly around: Surroundings,
    private readonly deps: RunDeps,
  ) {}

  expect(hosts: number, apps: number): void {
    const { app, host } = this.chosen()
    this.total = hosts * host.length + apps * app.length
  }

  async lookAtHost(): Promise<readonly Result[]> {
    const { host } = this.chosen()
    const found = await Promise.all(
      host.map((check) =>
        this.look(check, undefined, () => {
          if (check.of === 'host') return check.look(this.around)
          return this.asking(check, this.around.sole?.app.id ?? '', (network) =>
            check.look({ ...this.around, network }),
          )
        }),
      ),
    )
    return found.flat()
  }

  async lookAtApp({ id, checked, problem }: FoundApp): Promise<readonly Result[]> {
    // Deleted since it was listed.
    if (problem?.code === 'not_found') return []
    if (checked === undefined) return [unreadable(id, problem)]
    const { app } = this.chosen()
    const isUnused = checked.app.isRoot && findClientCredentials(checked.app) === undefined
    // A root app that nobody signs in to is no mistake.
    const checks =
      isUnused && this.around.sole === undefined
        ? app.filter(({ id: each }) => each === 'client_keys')
        : app
    const found = await Promise.all(
      checks.map((check) =>
        this.look(check, id, () => {
          if (check.of === 'app') return check.look(checked, this.around)
          return this.asking(check, id, (network) =>
            check.look(checked, { ...this.around, network }),
          )
        }),
      ),
    )
    return found.flat()
  }

  private chosen() {
    const { only, except, explains: code, asker, isOffline } = this.question
    const chosen = this.deps.checks.filter(
      ({ id, of, explains }) =>
        (only === undefined || only.includes(id)) &&
        except?.includes(id) !== true &&
        (code === undefined || explains?.includes(code) === true) &&
        (isOffline !== true || !of.endsWith('network')),
    )
    const host = chosen.filter((check) => check.of === 'host' || check.of === 'host-network')
    const isShown = (check: (typeof host)[number]): boolean =>
      asker === 'host' || (check.of === 'host' && check.isForApps === true)
    return {
      host: host.filter(isShown),
      app: chosen.filter((check) => check.of === 'app' || check.of === 'app-network'),
    }
  }

  private async look(
    { id: check }: Check,
    app: string | undefined,
    work: () => Findings | Promise<Findings>,
  ): Promise<readonly Result[]> {
    const findings = await this.attempt(check, work)
    this.done += 1
    this.question.onProgress?.(this.done, this.total)
    return findingsOf(findings).map((finding) => ({
      check,
      ...(app !== undefined && { app }),
      ...finding,
    }))
  }

  private async attempt(
    check: string,
    work: () => Findings | Promise<Findings>,
  ): Promise<Findings> {
    try {
      return await work()
    } catch (thrown) {
      if (thrown instanceof NotAsked) {
        return warning(
          `not looked at: ${thrown.message}`,
          'Ask again in a minute, or about this app alone.',
        )
      }
      const { code } = toAmazonAuthError(thrown)
      this.deps.logger.warn({ check, code, cause: thrown }, 'a check of doctor could not be made')
      return warning(`not looked at: ${code}`, 'See the log, and ask again.')
    }
  }

  /** Runs what asks others; asked over the network, no sooner than some seconds after the last time. */
  private async asking(
    { id }: Check,
    app: string,
    work: (network: Network) => Findings | Promise<Findings>,
  ): Promise<Findings> {
    const { network } = this.around
    if (network === undefined) return undefined
    if (this.question.isRemote !== true) return work(network)
    return this.deps.memory(`${this.question.asker} ${id} ${app}`, async () => work(network))
  }
}

function unreadable(app: string, problem: AmazonAuthError | undefined): Result {
  const seen = `its secrets cannot be opened${problem?.facts.setting === undefined ? '' : ` (${String(problem.facts.setting)})`}`
  const fix =
    'See master_keys. Where a single row was changed by hand, set that setting anew, or make new keys: express-amazon-auth keys rotate.'
  return { check: 'app_state', app, ...failure(seen, fix) }
}

import type { App } from '../../../apps/app'
import type { AmazonAuthError } from '../../../errors'
import type { DoctorsWord, Listed, TryFailure } from '../../../pages/try-report'
import { readParameters } from '../../read-parameters'
import { seeExpressOf, seeRequest } from '../../see-request'
import type { Visit } from '../../installation'

/** How long doctor may ask others: somebody waits for the page. */
const LIMIT_MS = 4_000
const WORST_FIRST = ['failure', 'warning', 'ok']
const MAX_DESCRIPTION_CHARACTERS = 300

/**
 * Why a sign-in that was tried has failed: its code, what Amazon has said, and what doctor finds of what may be the reason. As
 * to an app: whoever has the link is told nothing of the inside.
 *
 * @param step The one that failed; undefined: none was begun.
 */
export async function explainFailure(
  error: AmazonAuthError,
  step: string | undefined,
  app: App,
  visit: Visit,
): Promise<TryFailure> {
  const { code, message, advice } = error
  return {
    ...(step !== undefined && { step }),
    code,
    message,
    advice,
    amazon: amazonsWords(error, visit),
    doctor: await doctorsWord(error, app, visit),
  }
}

/** At the consent page by the browser, else by facts, which hold no text of Amazon's but what is known to be harmless. */
function amazonsWords({ facts }: AmazonAuthError, { req }: Visit): Listed | null {
  const sent = readParameters(req, { error: 1024, error_description: 4096 })
  const error = facts.upstreamError ?? sent.get('error')
  const words = {
    status: facts.upstreamStatus,
    error: error === undefined ? undefined : String(error).slice(0, 40),
    parameter: facts.upstreamParameter,
    error_description: sent.get('error_description')?.slice(0, MAX_DESCRIPTION_CHARACTERS),
  }
  const known = Object.entries(words).filter(([, value]) => value !== undefined)
  return known.length === 0 ? null : Object.fromEntries(known)
}

async function doctorsWord(
  { code }: AmazonAuthError,
  app: App,
  { req, services }: Visit,
): Promise<readonly DoctorsWord[]> {
  try {
    const { results } = await services.doctor.run({
      asker: 'app',
      app: app.id,
      explains: code,
      isRemote: true,
      limitMs: LIMIT_MS,
      request: seeRequest(req),
      express: seeExpressOf(req),
    })
    const words = results.map(({ app: _app, ...word }) => word)
    return WORST_FIRST.flatMap((level) => words.filter((word) => word.level === level))
  } catch {
    // What keeps a login from working may keep doctor from looking.
    return []
  }
}

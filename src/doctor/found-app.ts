import { AmazonAuthError, toAmazonAuthError } from '../errors'
import { readCheckedApp, type CheckedApp } from './checked-app'
import type { Site } from './site'

/** An app as far as it can be read. */
export interface FoundApp {
  readonly id: string
  readonly checked: CheckedApp | undefined
  /** Why it cannot. */
  readonly problem?: AmazonAuthError
}

/** @throws {AmazonAuthError} `not_found`, `store_unavailable` */
export async function getApp(id: string, site: Site): Promise<FoundApp> {
  const found = await tryApp(id, site)
  if (found.problem?.code === 'not_found') throw found.problem
  return found
}

/** @throws {AmazonAuthError} `store_unavailable` */
export async function tryApp(id: string, site: Site): Promise<FoundApp> {
  try {
    const app = await site.apps.find(id)
    if (app !== undefined) return { id, checked: await readCheckedApp(app, site) }
    const problem = new AmazonAuthError('not_found', {
      problem: `There is no app ${id.slice(0, 64)}.`,
    })
    return { id, checked: undefined, problem }
  } catch (thrown) {
    const problem = toAmazonAuthError(thrown)
    if (problem.code !== 'secret_unreadable') throw thrown
    return { id, checked: undefined, problem }
  }
}

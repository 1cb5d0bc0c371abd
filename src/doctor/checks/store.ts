import { failure, ok, warning, type Finding, type HostCheck } from '../check'
import type { StoreFacts } from '../site'

const MEBIBYTE = 1024 * 1024
const FEW_BYTES = 512 * MEBIBYTE
const NO_BYTES = 32 * MEBIBYTE
/** A login that brings something new waits for one write. */
const SLOW_MS = 250

/** Whether the store answers, has the schema of this release, takes writes, and has room. */
export const store: HostCheck = {
  id: 'store',
  of: 'host',
  explains: ['store_unavailable'],
  async look({ site }) {
    const facts = await site.store.inspect()
    const origin = site.originOf('store.url')
    return [unopened(facts) ?? opened(facts), room(facts)]
      .filter((finding) => finding !== undefined)
      .map((finding) => ({ ...finding, ...(origin !== undefined && { origin }) }))
  },
}

function unopened({
  state,
  place,
  problem,
  schemaVersion,
  knownVersion,
}: StoreFacts): Finding | undefined {
  const versions = `schema ${String(schemaVersion)} where this release has ${String(knownVersion)}`
  switch (state) {
    case 'open':
      return undefined
    case 'missing':
      return warning(
        `${place} is not there yet`,
        'The first start makes it. If there should be one, correct store.url: a relative file is looked for in the working directory.',
      )
    case 'empty':
      return warning(
        `${place} holds nothing yet`,
        'The first start makes its tables. If there should be some, correct store.url.',
      )
    case 'older':
      return warning(
        `${place} has ${versions}`,
        'The next start of this release brings it up to date; back it up first. What is stored was not looked at.',
      )
    case 'newer':
      return failure(
        `${place} has ${versions}`,
        'Run the release that wrote it, or point store.url to another store.',
      )
    case 'broken':
      return failure(
        `${place} cannot be used: ${problem ?? 'it does not answer'}`,
        'Correct store.url, or see to the database; docs/operations.md tells what there is to back up.',
      )
  }
}

function opened({ place, schemaVersion, writeMs, writeProblem }: StoreFacts): Finding {
  const schema = schemaVersion === undefined ? '' : `, schema ${schemaVersion}`
  const seen = `${place} answers${schema}`
  if (writeProblem !== undefined) {
    return failure(
      `${place} answers, and takes no write: ${writeProblem}`,
      'Let this user write there, free the disk, or end what holds a lock.',
    )
  }
  if (writeMs === undefined) return ok(seen)
  const ms = `a write takes ${writeMs < 1 ? 'less than 1' : Math.round(writeMs)} ms`
  if (writeMs < SLOW_MS) return ok(`${seen}, ${ms}`)
  return warning(
    `${seen}, and ${ms}`,
    'See what else writes there, or how far away the database is.',
  )
}

function room({ freeBytes, place }: StoreFacts): Finding | undefined {
  if (freeBytes === undefined) return undefined
  const free = `${Math.floor(freeBytes / MEBIBYTE)} MiB are free where ${place} lies`
  if (freeBytes >= FEW_BYTES) return ok(free)
  const fix = 'Free the disk, or move the store: a full one takes no new users, and no sessions.'
  return freeBytes < NO_BYTES ? failure(free, fix) : warning(free, fix)
}

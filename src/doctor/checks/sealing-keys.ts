import { AmazonAuthError } from '../../errors'
import { failure, ok, warning, type Finding, type HostCheck } from '../check'

/** Whether the master keys open what is stored, here and on all nodes. */
export const sealingKeys: HostCheck = {
  id: 'master_keys',
  of: 'host',
  explains: ['secret_unreadable'],
  async look({ site }) {
    const { store } = site
    if (!(await store.isOpen())) return undefined
    const origin = site.originOf('secret_key')
    try {
      await store.checkKeys()
    } catch (thrown) {
      return unreadable(thrown, store.keySource, origin)
    }
    const nodes = await store.nodesWithoutKey()
    if (nodes.length === 0)
      return ok(`the keys of ${store.keySource} open all that is stored`, origin)
    return warning(
      `processes that serve without the first of these keys: ${nodes.map(({ label }) => label).join(', ')}`,
      'Give all nodes the same para.secret_key, and start these anew.',
      origin,
    )
  },
}

function unreadable(thrown: unknown, source: string, origin: string | undefined): Finding {
  if (!(thrown instanceof AmazonAuthError) || thrown.code !== 'secret_unreadable') throw thrown
  const { cause } = thrown
  return failure(
    `the keys of ${source} do not open what is stored`,
    cause instanceof Error ? `${cause.message}.` : thrown.advice,
    origin,
  )
}

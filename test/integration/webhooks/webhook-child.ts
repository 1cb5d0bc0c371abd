import { createSealer } from '../../../src/crypto/sealer'
import { publicAnd } from '../../../src/public-addresses'
import { deliverHead } from '../../../src/webhooks/deliver-head'
import { createWebhookDeliveries } from '../../../src/webhooks/deliver-webhooks'
import { createLookUpName } from '../../../src/webhooks/look-up-name'
import { createWebhookSender } from '../../../src/webhooks/send-webhook'
import { openStore, silentLogger } from '../store/open-store'

/** Sends what waits in a store until it is killed, under claims that are short. */
const [, , url = '', skewMs = '0'] = process.argv
const now = () => Date.now() + Number(skewMs)
const store = openStore(url)
const sealer = createSealer(() => ['the-master-key-of-these-tests-0123456789'], 'secrets at rest')
const sender = createWebhookSender({
  isAllowed: publicAnd(['loopback']),
  lookUp: createLookUpName({ timeoutMs: 3_000, knowsLocalNames: false }),
  timeoutMs: 5_000,
  now,
})
const deps = {
  webhooks: store.webhooks,
  deliveries: store.deliveries,
  sealer,
  sender,
  logger: silentLogger,
  now,
  onSwitchedOff: () => undefined,
  onAttempt: () => undefined,
  onGivenUp: () => undefined,
  leaseMs: 8_000,
}
const deliveries = createWebhookDeliveries({
  deliveries: store.deliveries,
  logger: silentLogger,
  now,
  pollMs: 300,
  bound: () => Promise.resolve(),
  deliver: (key, onClaimed, signal) => deliverHead(key, deps, onClaimed, signal),
})
void deliveries.look()
setInterval(() => undefined, 60_000)

// An API that is guarded by tokens, in another process than the server that people sign in at.
//   node examples/guarded-api/app.mjs
import '../emulator.mjs'

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

for (const name of ['sign-in.mjs', 'api.mjs']) {
  fork(fileURLToPath(new URL(name, import.meta.url)))
}

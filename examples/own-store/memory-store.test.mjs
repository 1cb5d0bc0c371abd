// node --test examples/own-store/
// The same three lines run in Jest and in Vitest, with their own `test`.
import { test } from 'node:test'

import { storeContract } from 'express-amazon-auth/store-contract'

import { createMemoryStore } from './memory-store.mjs'

for (const { name, run } of storeContract({ open: createMemoryStore })) test(name, run)

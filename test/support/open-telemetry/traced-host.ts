import type { AddressInfo } from 'node:net'

import type createApp from 'express'

import type * as Package from '../../../src'

// After the SDK, which a preload has started, so that it sees each of them being loaded.
/* oxlint-disable typescript/no-require-imports -- which Express it is, is an argument */
const [which = 'express', options = '{}'] = process.argv.slice(2)
const express = require(which) as typeof createApp
const { amazonAuth } = require('../../../src') as typeof Package

const app = express()
const auth = amazonAuth(JSON.parse(options) as Package.AmazonAuthOptions)
app.use(auth)
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(__dirname, '../../..')

test('examples/with-server.mjs gives a program a server and a token of Amazon’s, and ends with it', async () => {
  const args = ['examples/with-server.mjs', 'examples/mobile-app/main.mjs']
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT })
  expect(stdout).toMatch(/^signed in as Ada Lindqvist [^]*\nsigned out: true\n$/)
})

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { blocksOf, ROOT } from '../support/docs/pages'

const run = promisify(execFile)

test('the first sample of docs/testing.md signs in to a host, and ends', async () => {
  const [sample] = blocksOf('docs/testing.md')
  const file = join(ROOT, 'artifacts', 'testing-example.mjs')
  mkdirSync(join(ROOT, 'artifacts'), { recursive: true })
  writeFileSync(file, String(sample?.code).replaceAll('3000', String(await freePort())))
  try {
    const { stdout } = await run(process.execPath, [file])
    expect(stdout.trim().split('\n').at(-1)).toBe('302 /welcome')
  } finally {
    rmSync(file)
  }
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

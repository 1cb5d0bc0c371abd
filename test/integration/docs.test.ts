import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { blocksOf, ROOT } from '../support/docs/pages'
import { freePort } from '../support/free-port'

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

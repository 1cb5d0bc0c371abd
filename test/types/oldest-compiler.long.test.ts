import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { hostProgram, TypedHost } from '../support/typed-host'

/** As docs/mounting.md promises. */
const OLDEST = '5.4'

let folder: string
let host: TypedHost
beforeAll(() => {
  host = new TypedHost()
  folder = mkdtempSync(join(tmpdir(), 'amazon-auth-typescript-'))
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund']
  execFileSync('npm', [...install, `typescript@~${OLDEST}`], { cwd: folder, stdio: 'pipe' })
}, 300_000)
afterAll(() => {
  host.remove()
  rmSync(folder, { recursive: true })
})

test.each(['strict-host.ts', 'host-with-own-user.ts', 'host-with-our-user.ts'])(
  `TypeScript ${OLDEST} compiles what a host may write in %s, and nothing else`,
  (name) => {
    const compiler = join(folder, 'node_modules/typescript/bin/tsc')
    expect(execFileSync(process.execPath, [compiler, '--version'], { encoding: 'utf8' })).toContain(
      ` ${OLDEST}.`,
    )
    const options = { module: 'node16', moduleResolution: 'node16' }
    expect(host.compile(hostProgram(name), options, compiler)).toBe('')
  },
  300_000,
)

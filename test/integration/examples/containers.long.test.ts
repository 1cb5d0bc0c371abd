import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DockerfileParser, type Instruction } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { parse } from 'yaml'

import { loadConfig } from '../../../src/config/load-config'

const ROOT = join(__dirname, '../../..')
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8')

describe('Dockerfile', () => {
  const instructions = DockerfileParser.parse(read('Dockerfile')).getInstructions()
  const stages = instructions.reduce<Instruction[][]>((found, instruction) => {
    if (instruction.getKeyword() === 'FROM') found.push([])
    found.at(-1)?.push(instruction)
    return found
  }, [])
  const [image = []] = stages.slice(-1)
  const textOf = (instruction: Instruction): string => instruction.getRawArgumentsContent() ?? ''
  const all = (keyword: string, among = image): readonly string[] =>
    among.filter((each) => each.getKeyword() === keyword).map(textOf)

  test('a linter finds nothing in it', () => {
    expect(validate(read('Dockerfile'))).toEqual([])
  })

  test('its image runs as node, by a command that gets signals, and is built apart', () => {
    expect(stages.length).toBeGreaterThan(1)
    expect(all('USER').at(-1)).toBe('node')
    expect(all('CMD')).toEqual(['["node", "dist/server/cli.js", "serve"]'])
    const builds = stages.slice(0, -1).flat()
    expect(all('RUN', builds).join('\n')).toMatch(/npm ci --ignore-scripts[^]*npm prune/)
    expect(all('RUN').join('\n')).not.toContain('npm')
  })

  test('it keeps Express and the packages for PostgreSQL and Redis, in the locked releases, and no tools', () => {
    const [, commands = ''] =
      /npm run build && ([^]*)$/.exec(all('RUN', stages.slice(0, -1).flat()).at(-1) ?? '') ?? []
    const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-image-'))
    for (const name of ['package.json', 'package-lock.json']) {
      copyFileSync(join(ROOT, name), join(folder, name))
    }
    const env = { ...process.env, npm_config_package_lock_only: 'true', npm_config_offline: 'true' }
    const command = commands.replaceAll('\\\n', '')
    expect(spawnSync('sh', ['-c', command], { cwd: folder, env }).status).toBe(0)
    const locked = (file: string, name: string): unknown =>
      JSON.parse(readFileSync(file, 'utf8')).packages[`node_modules/${name}`]?.version
    const left = join(folder, 'package-lock.json')
    for (const name of ['express', 'pg', 'redis', 'connect-redis', 'libsql', 'pino']) {
      const version = locked(join(ROOT, 'package-lock.json'), name)
      expect(version).toBeDefined()
      expect([name, locked(left, name)]).toEqual([name, version])
    }
    expect(locked(left, 'jest')).toBeUndefined()
    rmSync(folder, { recursive: true })
  })

  test('it names no secret, and the context holds nothing but what it copies', () => {
    const named = [...all('ENV', instructions), ...all('ARG', instructions)].join('\n')
    expect(named).not.toMatch(/secret|password|_key/i)
    const copied = all('COPY', instructions)
      .filter((copy) => !copy.startsWith('/app/'))
      .flatMap((copy) => copy.split(/\s+/).slice(0, -1))
    const ignored = read('.dockerignore').split('\n')
    const context = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    expect(ignored).toContain('*')
    expect(new Set(context)).toEqual(new Set(copied))
    for (const path of copied) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true])
  })

  test.each([
    [200, 0],
    [503, 1],
    [undefined, 1],
  ])('its health check, of a server that answers %s, ends with %s', async (status, expected) => {
    const asked: (string | undefined)[] = []
    const server = createServer((req, res) => {
      asked.push(req.url)
      res.writeHead(status ?? 500).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    if (status === undefined) server.close()
    const [check = ''] = all('HEALTHCHECK')
    const [program = '', ...args] = JSON.parse(/CMD (\[.*\])/.exec(check)?.[1] ?? '[]') as string[]
    expect(program).toBe('node')
    const env = { PATH: process.env.PATH, para_port: String(port) }
    const [code] = (await once(spawn(process.execPath, args, { env }), 'exit')) as [number]
    server.closeAllConnections()
    server.close()
    expect(code).toBe(expected)
    expect(asked).toEqual(status === undefined ? [] : ['/v1/_live'])
  })
})

describe('compose.yaml', () => {
  const text = read('compose.yaml')
  const { services } = parse(text) as {
    services: Record<string, { environment: Record<string, string>; healthcheck?: object }>
  }

  test('a linter, with the schema of Compose, finds nothing in it', () => {
    const program = join(ROOT, 'node_modules/dclint/bin/dclint.cjs')
    const args = [program, 'compose.yaml', '--max-warnings', '0']
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
    expect([status, stdout.trim()]).toEqual([0, ''])
  })

  test('every secret comes from .env, of which .env.example names all', () => {
    const used = Array.from(text.matchAll(/\$\{(\w+):\?see \.env\.example\}/g), ([, name]) => name)
    const named = Array.from(read('.env.example').matchAll(/^(\w+)=/gm), ([, name]) => name)
    expect(new Set(used)).toEqual(new Set(named))
    expect(text.match(/\$\{/g)).toHaveLength(used.length)
    const environments = Object.values(services).map(({ environment }) => environment)
    for (const [name, value] of environments.flatMap((each) => Object.entries(each))) {
      if (/secret|password|auth$/i.test(name)) expect(value).toMatch(/^\$\{\w+:\?/)
    }
    expect(read('.gitignore').split('\n')).toContain('.env')
  })

  test('the server takes its environment without an error or a warning', async () => {
    const filled = Object.entries(services.auth?.environment ?? {}).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{(\w+)[^}]*\}/g, (_all, variable: string) =>
        variable === 'PUBLIC_URL' ? 'https://auth.example.com' : '0123456789abcdef'.repeat(4),
      ),
    ])
    const environment = Object.fromEntries(filled) as Record<string, string>
    const { config, warnings } = await loadConfig({ text: '', environment })
    expect(warnings).toEqual([])
    expect(config).toMatchObject({ env: 'production', shutdown: { delay: 5000 } })
    expect(config.session.storeUrl).toMatch(/^redis:\/\/:[\da-f]{64}@redis$/)
  })
})

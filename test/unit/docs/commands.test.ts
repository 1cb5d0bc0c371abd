import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, CommanderError } from 'commander'
import { satisfies } from 'semver'
import { parse } from 'shell-quote'

import { createProgram } from '../../../src/server/create-program'
import { packageJson } from '../../../src/server/init/package-json'
import { blocksIn, PAGES, proseOf, ROOT } from '../../support/docs/pages'

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
}
const OWN = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest
const WRITTEN = packageJson('shop', {
  lang: 'ts',
  express: '5',
  mode: 'token',
  app: 'shop',
  port: 1,
}) as Manifest
/** Scripts of this package, and of a project that `init` writes. */
const scripts = { ...OWN.scripts, ...WRITTEN.scripts }
/** Programs of others that pages use; what they are given is not looked at. */
const OTHERS = ['cat', 'cd', 'cp', 'curl', 'jest', 'jq', 'node', 'sort', 'uniq']

describe('commands of the pages', () => {
  test.each(blocksIn('sh').map(({ place, code }) => [place, code]))(
    '%s has no command, script, option or argument that is not there',
    async (_place, code) => {
      const commands = commandsOf(code)
      expect(commands).not.toEqual([])
      for (const words of commands) expect(await problemOf(words)).toBeUndefined()
    },
  )

  test.each(blocksIn('console').map(({ place, code }) => [place, code]))(
    '%s shows what a command that is there says',
    async (_place, code) => {
      const typed = Array.from(code.matchAll(/^\$ (.*)$/gm), ([, line = '']) => line)
      expect(typed).not.toEqual([])
      for (const words of typed.flatMap(commandsOf)) {
        expect(await problemOf(words)).toBeUndefined()
      }
    },
  )

  test.each(PAGES)('%s names in its sentences only scripts and commands that are there', (page) => {
    for (const [, script = ''] of proseOf(page).matchAll(/npm run ([a-z:-]+)/g)) {
      expect(Object.keys(scripts)).toContain(script)
    }
    const names = createProgram().commands.map((command) => command.name())
    for (const [, name = ''] of proseOf(page).matchAll(/`npx express-amazon-auth ([a-z-]+)/g)) {
      expect(names).toContain(name)
    }
  })
})

test.each([
  [['npx', 'express-amazon-auth', 'serv'], "unknown command 'serv'"],
  [['npx', 'express-amazon-auth', 'serve', '--prot', '1'], "unknown option '--prot'"],
  [['npx', 'express-amazon-auth', 'settings', 'get'], "missing required argument 'app'"],
  [['npx', 'express-amazon-auth', 'audit', '--since', 'yore'], '--since'],
  [['rm', '-r', '.'], 'no program rm'],
  [['npm', 'run', 'nothing'], 'no script nothing'],
  [['npm', 'install', 'leftpad'], 'leftpad'],
  [['npm', 'install', 'pg@7'], 'pg@7'],
])('%j would be found', async (words, problem) => {
  expect(await problemOf(words)).toContain(problem)
})

/** Simple commands of a shell script: their words, without variables in front and files that they read and write. */
function commandsOf(script: string): readonly (readonly string[])[] {
  return script.replaceAll('\\\n', ' ').split('\n').flatMap(commandsOfLine)
}

function commandsOfLine(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]]
  let isFile = false
  for (const part of parse(line, (name) => `$${name}`)) {
    if (typeof part === 'object' && 'op' in part && part.op !== 'glob') {
      isFile = /[<>]/.test(part.op)
      if (!isFile) commands.push([])
    } else if (isFile) {
      isFile = false
    } else if (typeof part === 'string') {
      commands.at(-1)?.push(part)
    } else if ('pattern' in part) {
      commands.at(-1)?.push(part.pattern)
    }
  }
  return commands
    .map((words) => words.slice(words.findLastIndex((word) => /^[A-Za-z_]+=/.test(word)) + 1))
    .filter((words) => words.length > 0)
}

async function problemOf([tool, ...args]: readonly string[]): Promise<string | undefined> {
  if (OTHERS.includes(String(tool))) return undefined
  if (tool === 'express-amazon-auth') return problemOfOurs(args)
  if (tool === 'npx') return problemOf(args)
  if (tool !== 'npm') return `no program ${String(tool)}`
  const [command = '', ...rest] = args
  if (command === 'install' || command === 'i') {
    return rest.find((name) => !name.startsWith('-') && !isInstalled(name))
  }
  const script = command === 'run' ? String(rest[0]) : command
  if (!(script in scripts)) return `no script ${script}`
  const own = args.indexOf('--')
  return script === 'start' && own > 0
    ? problemOfOurs(['serve', ...args.slice(own + 1)])
    : undefined
}

/** A name, or one with a range of releases. */
function isInstalled(asked: string): boolean {
  const [, name = '', range = '*'] = /^(@?[^@]+)(?:@(.+))?$/.exec(asked) ?? []
  if (name === 'express-amazon-auth') return true
  const file = join(ROOT, 'node_modules', name, 'package.json')
  if (!existsSync(file)) return false
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }
  return satisfies(version, range)
}

/** What our command line says of these words, with nothing behind its commands. */
async function problemOfOurs(args: readonly string[]): Promise<string | undefined> {
  const program = createProgram()
  const said: string[] = []
  withoutActions(program, (text) => said.push(text))
  try {
    await program.parseAsync(args, { from: 'user' })
    return undefined
  } catch (error) {
    return error instanceof CommanderError ? `${error.message} ${said.join('')}` : String(error)
  }
}

function withoutActions(command: Command, write: (text: string) => void): void {
  command.exitOverride().configureOutput({ writeErr: write, writeOut: write })
  if (command.commands.length === 0) command.action(() => undefined)
  for (const part of command.commands) withoutActions(part, write)
}

import { CommanderError, type Command } from 'commander'

import { createProgram } from '../../../src/server/create-program'

/** What a command line prints, and how it ends when it does not run an action. */
async function run(...args: readonly string[]) {
  const program = createProgram()
  const said = { out: '', err: '', code: 0 }
  for (const command of commandsOf(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => (said.out += text),
      writeErr: (text) => (said.err += text),
    })
  }
  await program.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => {
    if (!(thrown instanceof CommanderError)) throw thrown
    said.code = thrown.exitCode
  })
  return said
}

function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)]
}

function pathsOf(command: Command, path: readonly string[] = []): (readonly string[])[] {
  return [path, ...command.commands.flatMap((part) => pathsOf(part, [...path, part.name()]))]
}

const PATHS = pathsOf(createProgram())

test.each(PATHS.map((path) => [path.join(' ')]))(
  'the help of "%s" has an example',
  async (path) => {
    const { out, code } = await run(...path.split(' ').filter(Boolean), '--help')
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`Examples?:[^]*express-amazon-auth ${path}`))
  },
)

test.each([
  ['an unknown command', ['servee', '--help'], "unknown command 'servee'", 'serve'],
  ['one below a command', ['apps', 'lst', '--help'], "unknown command 'lst'", 'list'],
  ['help on an unknown command', ['help', 'exprot'], "unknown command 'exprot'", 'export'],
  ['one without --help', ['keys', 'rotat'], "unknown command 'rotat'", 'rotate'],
  ['an unknown option with --help', ['export', '--ouT', '--help'], "option '--ouT'", '--out'],
  ['an unknown option', ['apps', 'list', '--jsn'], "unknown option '--jsn'", '--json'],
  ['an option of nobody', ['--vresion', '--help'], "unknown option '--vresion'", '--version'],
])('%s is refused, with what may have been meant', async (_what, args, problem, meant) => {
  const { out, err, code } = await run(...args)
  expect(out).toBe('')
  expect(code).toBe(1)
  expect(err).toContain(problem)
  expect(err).toContain(`Did you mean ${meant}?`)
  expect(err).toContain('--help tells what there is')
})

test('an unknown command that is like nothing is refused without a guess', async () => {
  const { err, code } = await run('xyzzyx', '--help')
  expect({ err, code }).toEqual({
    err: "error: unknown command 'xyzzyx'\n(--help tells what there is)\n",
    code: 1,
  })
})

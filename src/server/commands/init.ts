import { relative, resolve } from 'node:path'

import { Command, InvalidArgumentError, Option } from 'commander'

import { printable } from '../../printable'
import { CommandError } from '../command-error'
import { askOn, type Questions } from '../init/ask'
import { buildProject, topNames } from '../init/build-project'
import { EXPRESS_VERSIONS, LANGUAGES, MODES, type Choices } from '../init/choices'
import { choose } from '../init/choose'
import { packageManagerOf, type PackageManager } from '../init/package-manager'
import { projectNameOf, readAppId } from '../init/project-name'
import { requireRoom, writeProject } from '../init/write-project'
import { readFixedPort } from '../read-number'

interface InitOptions extends Partial<Choices> {
  readonly yes?: true
}

const DEFAULT_FOLDER = 'my-amazon-app'

const EXAMPLES = `
On a terminal it asks for what no option says; with --yes, in CI, or without a terminal it takes the presets: ts, 5, session, the
folder's name, 3000. It never replaces a file, and installs nothing.

Examples:
  express-amazon-auth init
  express-amazon-auth init shop --lang js --mode token
  express-amazon-auth init . --yes`

export function initCommand(): Command {
  return new Command('init')
    .description('write a project that signs people in, to run and to go on from')
    .argument('[folder]', `where to; . is this folder (default: ${DEFAULT_FOLDER})`)
    .addOption(new Option('--lang <language>', 'TypeScript or JavaScript').choices(LANGUAGES))
    .addOption(new Option('--express <version>', 'major version').choices(EXPRESS_VERSIONS))
    .addOption(
      new Option('--mode <mode>', 'how pages know who is signed in: by cookie or token').choices(
        MODES,
      ),
    )
    .option('--app <name>', 'app id to sign in to', readAppArgument)
    .option('-p, --port <port>', 'port to listen on', readFixedPort)
    .option('-y, --yes', 'ask nothing')
    .addHelpText('after', EXAMPLES)
    .action(init)
}

function readAppArgument(typed: string): string {
  try {
    return readAppId(typed)
  } catch (thrown) {
    if (thrown instanceof CommandError) throw new InvalidArgumentError(thrown.message)
    throw thrown
  }
}

async function init(folder: string | undefined, { yes, ...given }: InitOptions): Promise<void> {
  const questions =
    yes === true || !isWatched()
      ? undefined
      : askOn({ input: process.stdin, output: process.stderr })
  try {
    const target = await chooseFolder(folder, questions)
    const name = projectNameOf(target)
    const choices = await choose(given, name, questions)
    const packageManager = packageManagerOf(process.env.npm_config_user_agent)
    writeProject(target, buildProject(name, choices, packageManager))
    console.log(describe(target, choices, packageManager))
  } finally {
    questions?.close()
  }
}

/** A terminal may be there with nobody at it, as where CI makes one. */
function isWatched(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY && !process.env.CI
}

/** @throws {CommandError} It cannot be taken, which is told before anything else is asked. */
async function chooseFolder(
  named: string | undefined,
  questions: Questions | undefined,
): Promise<string> {
  const read = (answer: string): string => {
    const folder = resolve(answer)
    projectNameOf(folder)
    requireRoom(folder, topNames())
    return folder
  }
  if (named !== undefined || questions === undefined) return read(named ?? DEFAULT_FOLDER)
  return questions.ask('Folder', DEFAULT_FOLDER, read)
}

function describe(folder: string, choices: Choices, packageManager: PackageManager): string {
  const { lang, express, mode, port } = choices
  const way = relative('', folder)
  return [
    `Made ${printable(folder)}: ${lang === 'ts' ? 'TypeScript' : 'JavaScript'}, Express ${express}, ${mode}.`,
    '',
    'Next:',
    ...(way === '' ? [] : [`  cd ${shellWord(way)}`]),
    `  ${packageManager} install`,
    `  ${packageManager} run dev`,
    '',
    `and open http://localhost:${port}: an emulator plays Amazon until you give it keys. For those, paste this into`,
    'Allowed Return URLs (Login with Amazon console, your Security Profile, Web Settings):',
    `  http://localhost:${port}/amazon_auth`,
    'README.md has the rest.',
  ].join('\n')
}

/** As a shell takes it for one word: none of it is run, and nothing in it is obeyed by the terminal. */
function shellWord(path: string): string {
  if (process.platform === 'win32') return /^[\w.\\-]+$/.test(path) ? path : `"${path}"`
  const word = path.startsWith('-') ? `./${path}` : path
  if (/^[\w./-]+$/.test(word)) return word
  const isSeen = printable(word) === word
  if (isSeen) return `'${word.replaceAll("'", String.raw`'\''`)}'`
  return `$'${printable(word.replace(/[\\']/g, String.raw`\$&`))}'`
}

/* oxlint-disable typescript/no-require-imports -- a command is loaded when it is called: all together take three
   times as long as one */
import { Command } from 'commander'

import { VERSION } from '../version'
import type * as Apps from './commands/apps'
import type * as Audit from './commands/audit'
import type * as Demo from './commands/demo'
import type * as Doctor from './commands/doctor'
import type * as Emulator from './commands/emulator'
import type * as Export from './commands/export'
import type * as Import from './commands/import'
import type * as ImportB2c from './commands/import-b2c'
import type * as ImportPara from './commands/import-para'
import type * as Init from './commands/init'
import type * as Keys from './commands/keys'
import type * as Login from './commands/login'
import type * as MigrateStore from './commands/migrate-store'
import type * as Serve from './commands/serve'
import type * as Settings from './commands/settings'
import type * as Tokens from './commands/tokens'
import type * as Try from './commands/try'
import type * as Users from './commands/users'
import { refuseUnknown } from './refuse-unknown'

/** In the order of the help. */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  serve: () => (require('./commands/serve') as typeof Serve).serveCommand(),
  doctor: () => (require('./commands/doctor') as typeof Doctor).doctorCommand(),
  try: () => (require('./commands/try') as typeof Try).tryCommand(),
  apps: () => (require('./commands/apps') as typeof Apps).appsCommand(),
  settings: () => (require('./commands/settings') as typeof Settings).settingsCommand(),
  users: () => (require('./commands/users') as typeof Users).usersCommand(),
  tokens: () => (require('./commands/tokens') as typeof Tokens).tokensCommand(),
  audit: () => (require('./commands/audit') as typeof Audit).auditCommand(),
  keys: () => (require('./commands/keys') as typeof Keys).keysCommand(),
  export: () => (require('./commands/export') as typeof Export).exportCommand(),
  import: () => (require('./commands/import') as typeof Import).importCommand(),
  'import-para': () => (require('./commands/import-para') as typeof ImportPara).importParaCommand(),
  'import-b2c': () => (require('./commands/import-b2c') as typeof ImportB2c).importB2cCommand(),
  'migrate-store': () =>
    (require('./commands/migrate-store') as typeof MigrateStore).migrateStoreCommand(),
  login: () => (require('./commands/login') as typeof Login).loginCommand(),
  emulator: () => (require('./commands/emulator') as typeof Emulator).emulatorCommand(),
  demo: () => (require('./commands/demo') as typeof Demo).demoCommand(),
  init: () => (require('./commands/init') as typeof Init).initCommand(),
}

const EXAMPLES = `
Examples:
  express-amazon-auth demo
  express-amazon-auth init shop
  express-amazon-auth serve --config application.conf
  express-amazon-auth doctor shop
  express-amazon-auth try shop
  express-amazon-auth apps create shop --az-app-id amzn1.… --az-secret - --signin-success https://shop.example/in?jwt=id
  express-amazon-auth settings set shop signin_failure https://shop.example/in?error
  express-amazon-auth users list shop --url https://auth.example.com --access-key app:shop
  express-amazon-auth audit --app shop --since 2h --outcome failure
  express-amazon-auth export shop --out shop.jsonl
  express-amazon-auth login --device --app shop --url https://auth.example.com
  express-amazon-auth emulator`

/**
 * The command line. Actions throw; the caller tells people why.
 *
 * @param called The only command that will be asked for, as it was typed; without it, or where there is none of this name, all
 * are there.
 */
export function createProgram(called?: string): Command {
  const program = new Command('express-amazon-auth')
    .description('Sign in with Amazon for many apps: server, administration, emulator and demo.')
    .version(VERSION, '-V, --version', 'print the version')
    .addHelpText('after', EXAMPLES)
  const makers = Object.entries(COMMANDS)
  const asked = makers.filter(([name]) => name === called)
  for (const [, make] of asked.length > 0 ? asked : makers) program.addCommand(make())
  return refuseUnknown(program)
}

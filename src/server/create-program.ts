import { Command } from 'commander'

import { VERSION } from '../version'
import { appsCommand } from './commands/apps'
import { auditCommand } from './commands/audit'
import { demoCommand } from './commands/demo'
import { doctorCommand } from './commands/doctor'
import { emulatorCommand } from './commands/emulator'
import { exportCommand } from './commands/export'
import { importCommand } from './commands/import'
import { importB2cCommand } from './commands/import-b2c'
import { importParaCommand } from './commands/import-para'
import { initCommand } from './commands/init'
import { keysCommand } from './commands/keys'
import { loginCommand } from './commands/login'
import { migrateStoreCommand } from './commands/migrate-store'
import { serveCommand } from './commands/serve'
import { settingsCommand } from './commands/settings'
import { tokensCommand } from './commands/tokens'
import { tryCommand } from './commands/try'
import { usersCommand } from './commands/users'
import { refuseUnknown } from './refuse-unknown'

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

/** The command line. Actions throw; the caller tells people why. */
export function createProgram(): Command {
  const program = new Command('express-amazon-auth')
    .description('Sign in with Amazon for many apps: server, administration, emulator and demo.')
    .version(VERSION, '-V, --version', 'print the version')
    .addCommand(serveCommand())
    .addCommand(doctorCommand())
    .addCommand(tryCommand())
    .addCommand(appsCommand())
    .addCommand(settingsCommand())
    .addCommand(usersCommand())
    .addCommand(tokensCommand())
    .addCommand(auditCommand())
    .addCommand(keysCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(importParaCommand())
    .addCommand(importB2cCommand())
    .addCommand(migrateStoreCommand())
    .addCommand(loginCommand())
    .addCommand(emulatorCommand())
    .addCommand(demoCommand())
    .addCommand(initCommand())
    .addHelpText('after', EXAMPLES)
  return refuseUnknown(program)
}

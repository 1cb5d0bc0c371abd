import { Command } from 'commander'

import { appsCreateCommand } from './apps-create'
import { appsDeleteCommand } from './apps-delete'
import { appsListCommand } from './apps-list'

const EXAMPLES = `
Examples:
  express-amazon-auth apps create shop --az-app-id amzn1.… --az-secret - < secret.txt
  express-amazon-auth apps list
  express-amazon-auth apps delete shop`

export function appsCommand(): Command {
  return new Command('apps')
    .description('create, list and delete apps')
    .addCommand(appsCreateCommand())
    .addCommand(appsListCommand())
    .addCommand(appsDeleteCommand())
    .addHelpText('after', EXAMPLES)
}

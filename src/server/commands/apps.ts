import { Command } from 'commander'

import { appsCreateCommand } from './apps-create'
import { appsDeleteCommand } from './apps-delete'
import { appsListCommand } from './apps-list'
import { appsSettingsCommand } from './apps-settings'

export function appsCommand(): Command {
  return new Command('apps')
    .description('create, list and delete apps')
    .addCommand(appsCreateCommand())
    .addCommand(appsListCommand())
    .addCommand(appsDeleteCommand())
    .addCommand(appsSettingsCommand())
}

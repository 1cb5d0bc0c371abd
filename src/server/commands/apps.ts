import { Command } from 'commander'

import { appsCreateCommand } from './apps-create'
import { appsListCommand } from './apps-list'
import { appsSettingsCommand } from './apps-settings'

export function appsCommand(): Command {
  return new Command('apps')
    .description('create apps, list them, read and change their settings')
    .addCommand(appsCreateCommand())
    .addCommand(appsListCommand())
    .addCommand(appsSettingsCommand())
}

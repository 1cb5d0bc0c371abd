import { existsSync } from 'node:fs'

import { Option } from 'commander'

import { loadConfig } from '../config/load-config'
import type { LoadedConfig } from '../config/resolve-config'

const DEFAULT_FILE = 'application.conf'

/** `--config`, the same for every command that works on a store. */
export function configOption(): Option {
  return new Option(
    '-c, --config <file>',
    `configuration to read; default: ${DEFAULT_FILE} in this directory, if it is there`,
  )
}

/** Whether a command reads a file. */
export function hasConfigFile(file: string | undefined): boolean {
  return file !== undefined || existsSync(DEFAULT_FILE)
}

/**
 * Loads the configuration of a command: the file named, else `application.conf` in the working directory if it is
 * there, else defaults and environment alone.
 *
 * @throws {ConfigError} A file that was named must be there.
 */
export function loadCommandConfig(file: string | undefined): Promise<LoadedConfig> {
  return loadConfig({ file: file ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined) })
}

import type { Command } from 'commander'

import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'

import type { SettingValues } from '../../apps/settings'
import { showReview } from '../admin/show-review'
import { formatJson, JSON_OPTION, type JsonOption } from '../admin/print-answer'
import { adminCommand, withTarget, type TargetOptions } from '../admin/with-target'
import { XmlError } from '../b2c/parse-xml'
import { readPolicy, type ReadProfile } from '../b2c/read-policy'
import { CommandError } from '../command-error'
import { requireAllStorable } from '../../apps/require-storable'

interface ImportB2cOptions extends TargetOptions, JsonOption {
  readonly profile?: string
  readonly app?: string
  readonly apply?: true
}

const HELP = `
Reads the technical profile for Amazon of a custom policy, such as TrustFrameworkExtensions.xml: its client id, its scope, and its output claims,
which become the setting "claims". It says what that would be for an app, and what of the profile cannot be carried over. With --apply it
sets it; settings of that app by other names stay.

Examples:
  express-amazon-auth import-b2c TrustFrameworkExtensions.xml
  express-amazon-auth import-b2c TrustFrameworkExtensions.xml --app shop --apply`

const MAX_BYTES = 4 * 1024 * 1024

export function importB2cCommand(): Command {
  return adminCommand(
    'import-b2c',
    'bring the sign-in with Amazon of an Azure AD B2C policy over (a plan first)',
    HELP,
  )
    .argument('<file>', 'custom policy (XML)')
    .option('--profile <id>', 'its technical profile for Amazon, if it has more than one')
    .option('--app <name>', 'the app that gets it; needed with --apply')
    .option('--apply', 'do it')
    .option(...JSON_OPTION)
    .action(run)
}

async function run(file: string, options: ImportB2cOptions): Promise<void> {
  const { app, apply, json } = options
  if (apply === true && app === undefined) {
    throw new CommandError('--apply needs --app: the app that gets these settings.')
  }
  const read = choose(await readProfiles(file), file, options.profile)
  requireAllStorable(read.settings)
  if (apply === true && app !== undefined) await put(app, read.settings, options)
  console.log(json === true ? formatJson(read) : describe(read, options))
}

async function readProfiles(file: string): Promise<readonly ReadProfile[]> {
  // To one byte more than may be: a device or a pipe has no end.
  const document = await buffer(createReadStream(file, { end: MAX_BYTES })).catch(
    (thrown: unknown) => {
      const { code = 'unknown' } = thrown as Partial<NodeJS.ErrnoException>
      throw new CommandError(`${file} cannot be read (${code}).`)
    },
  )
  if (document.length > MAX_BYTES) throw new CommandError(`${file} is larger than 4 MiB.`)
  try {
    return readPolicy(decode(document))
  } catch (thrown) {
    if (!(thrown instanceof XmlError)) throw thrown
    throw new CommandError(`${file} is no XML that can be read. ${thrown.message}.`)
  }
}

/** Editors of Windows save UTF-16, too. */
function decode(document: Buffer): string {
  const isUtf16 = document[0] === 0xff && document[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(document)
}

function choose(
  profiles: readonly ReadProfile[],
  file: string,
  id: string | undefined,
): ReadProfile {
  const ids = profiles.map((profile) => profile.id).join(', ')
  const [only, ...more] = id === undefined ? profiles : profiles.filter((each) => each.id === id)
  if (only === undefined) {
    const there = profiles.length === 0 ? 'Name the file that has it' : `It has ${ids}`
    throw new CommandError(`${file} has no ${id ?? 'technical profile'} for Amazon. ${there}.`)
  }
  if (more.length > 0) {
    throw new CommandError(
      `${file} has several profiles for Amazon: choose one by --profile, of ${ids}.`,
    )
  }
  return only
}

async function put(app: string, settings: SettingValues, options: TargetOptions): Promise<void> {
  await withTarget(options, async (target) => {
    for (const [name, value] of Object.entries(settings)) {
      const { ignored, warnings } = await target.putSetting(app, name, value)
      showReview({ ignored, warnings })
    }
  })
}

function describe({ id, settings, left }: ReadProfile, { app, apply }: ImportB2cOptions): string {
  const values = Object.entries(settings).map(
    ([name, value]) => `  ${name} = ${JSON.stringify(value)}`,
  )
  const whose = app === undefined ? 'an app' : `the app ${app}`
  return [
    `Technical profile ${id}: ${apply === true ? 'set for' : 'would set for'} ${whose}`,
    ...values,
    ...(left.length > 0 ? ['Not carried over:', ...left.map((each) => `  ${each}`)] : []),
    ...(apply === true ? [] : ['Nothing was changed. Do it with --app <name> --apply.']),
  ].join('\n')
}

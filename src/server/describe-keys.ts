import type { AppKeys } from '../apps/create-app'

const RULE = '─'.repeat(72)

/** An app's new keys, for the one time that they are shown. */
export function describeKeys(owner: string, { accessKey, secretKey }: AppKeys): string {
  return [
    RULE,
    `Keys of the ${owner}, shown only now. Keep them in a safe place.`,
    '',
    `  access key  ${accessKey}`,
    `  secret key  ${secretKey}`,
    RULE,
  ].join('\n')
}

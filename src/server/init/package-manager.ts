const KNOWN = ['npm', 'pnpm', 'yarn', 'bun'] as const

export type PackageManager = (typeof KNOWN)[number]

/**
 * Which package manager runs this command.
 *
 * @param userAgent As each of them sets it in `npm_config_user_agent`, e.g. `pnpm/10.4.1 npm/? node/v22.0.0 …`.
 * @returns npm where it is absent, or of none that is known.
 */
export function packageManagerOf(userAgent = ''): PackageManager {
  const [name] = userAgent.split('/')
  return KNOWN.find((known) => known === name) ?? 'npm'
}

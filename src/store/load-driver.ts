/** A package that the configured store needs is not installed, or does not run on this machine. */
export class DriverError extends Error {
  override readonly name = 'DriverError'
}

export interface Driver {
  /** Package to install. */
  readonly name: string
  /** What it is for, and the key that asks for it: `SQLite (para.store.url)`. */
  readonly purpose: string
  /** What can be done where it does not run. */
  readonly instead: string
}

/**
 * Loads the code of a store, which loads its driver. Hosts that use another store need not have that installed.
 *
 * @throws {DriverError} One sentence: what is missing and what to install.
 */
export function loadDriver<T>(driver: Driver, load: () => T): T {
  try {
    return load()
  } catch (thrown) {
    const { purpose, instead } = driver
    throw new DriverError(`${purpose} needs ${problemOf(driver.name, thrown)}; ${instead}.`, {
      cause: thrown,
    })
  }
}

function problemOf(name: string, thrown: unknown): string {
  const { code, message } = thrown as Partial<NodeJS.ErrnoException>
  const missing = code === 'MODULE_NOT_FOUND' ? missingPackage(message) : undefined
  if (missing === undefined) {
    const machine = `${process.platform} ${process.arch}`
    return `the package ${name}, which does not run on this machine (${machine}): ${firstLine(message)}`
  }
  const which = missing === name ? name : `${missing}, a part of ${name}`
  return `the package ${which}, which is not installed: run \`npm install ${missing}\``
}

/** A file of ours that is not there is another matter. */
function missingPackage(message = ''): string | undefined {
  const [, request = ''] = /Cannot find module '([^']+)'/.exec(message) ?? []
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*/.exec(request)?.[0]
}

function firstLine(message = ''): string {
  const [line = ''] = message.split('\n')
  return line
}

import { ApiError } from '../client'
import { ConfigError } from '../config/config-error'
import { AmazonAuthError } from '../errors'
import { printableLines } from '../printable'
import { PackageError } from '../load-package'
import { adviceFor } from '../store/sql/advice-for'
import { CommandError } from './command-error'

/** What a person at the console reads when a command fails. A stack is shown only for what nobody foresaw. */
export function describeFailure(thrown: unknown): string {
  return printableLines(describeThrown(thrown))
}

function describeThrown(thrown: unknown): string {
  if (isForeseen(thrown)) return thrown.message
  if (thrown instanceof AmazonAuthError) return describe(thrown)
  if (thrown instanceof ApiError) return describeCall(thrown)
  if (thrown instanceof Error) return thrown.stack ?? thrown.message
  return String(thrown)
}

function isForeseen(thrown: unknown): thrown is Error {
  return [CommandError, ConfigError, PackageError].some((kind) => thrown instanceof kind)
}

/** Code and advice: the message is for people who sign in, and vague on purpose. */
function describe({ code, advice, facts, cause }: AmazonAuthError): string {
  const told = Object.entries(facts).filter(([, fact]) => fact !== undefined)
  const why = cause instanceof Error ? cause.message : ''
  // A cause that names the place says it better.
  const details = told
    .filter(([, fact]) => !why.startsWith(String(fact)))
    .map(([name, fact]) => `${name}: ${String(fact)}`)
  if (why !== '') details.push([why, adviceFor(codeOf(cause))].filter(Boolean).join('; '))
  return [`${code}: ${advice}`, details.join(', ')].filter((line) => line !== '').join('\n')
}

/** Of the database; a cause that has none has said what to do. */
function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}

function describeCall({ message, method, path, status }: ApiError): string {
  return `${message}\n${method} ${path}: ${status === undefined ? 'no answer' : `answer ${status}`}`
}

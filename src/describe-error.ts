import { textForLog } from './text-for-log'

/** An error as it stands in the log. */
export interface LoggedError {
  readonly name: string
  readonly code?: string
  readonly message: string
  /** Where it was thrown; only for errors without a code, which nobody foresaw. */
  readonly at?: readonly string[]
  readonly cause?: LoggedError
}

const MAX_CAUSES = 5
const MAX_FRAMES = 8

/**
 * Writes an error and its causes by name, code and message, without what looks like a secret. Nothing else of them:
 * errors of HTTP clients and body parsers carry requests, headers and bodies as properties.
 */
export function describeError(thrown: unknown, depth = 0): LoggedError | undefined {
  if (thrown === undefined || thrown === null) return undefined
  if (!isError(thrown)) return { name: typeof thrown, message: 'not an error' }
  // Of another's making: any of them may be anything.
  const [name, message, stack] = [textOf(thrown.name), textOf(thrown.message), textOf(thrown.stack)]
  const { cause } = thrown
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
  const behind = depth < MAX_CAUSES ? describeError(cause, depth + 1) : undefined
  return {
    name: textForLog(name),
    ...(code !== undefined && { code: textForLog(code) }),
    message: textForLog(message),
    ...(code === undefined && { at: framesOf(stack, message) }),
    ...(behind !== undefined && { cause: behind }),
  }
}

/** Not `instanceof`: errors may be of another realm. */
function isError(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown && 'message' in thrown
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The stack begins with the message, whose lines may be a visitor's. */
function framesOf(stack: string, message: string): readonly string[] {
  const at = message === '' ? -1 : stack.indexOf(message)
  const rest = at < 0 ? stack : stack.slice(at + message.length)
  const frames = rest.split('\n').filter((line) => /^\s+at /.test(line))
  return frames.slice(0, MAX_FRAMES).map((line) => textForLog(line.trim()))
}

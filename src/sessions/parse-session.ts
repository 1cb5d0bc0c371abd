import type { SessionData } from 'express-session'

/**
 * Reads a session as a store keeps it: JSON text. What is none counts as no session, so its browser is anonymous, where
 * express-session would throw over it.
 */
export function parseSession(text: string): SessionData | null {
  try {
    const session: unknown = JSON.parse(text)
    return isSession(session) ? session : null
  } catch {
    return null
  }
}

function isSession(value: unknown): value is SessionData {
  if (!isRecord(value) || !isRecord(value.cookie)) return false
  const { expires, originalMaxAge } = value.cookie
  const isTime = typeof expires === 'string' && !Number.isNaN(Date.parse(expires))
  return (
    (isTime || isAbsent(expires)) &&
    (typeof originalMaxAge === 'number' || isAbsent(originalMaxAge))
  )
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

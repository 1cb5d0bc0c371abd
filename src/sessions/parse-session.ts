import type { SessionData } from 'express-session'

/** Reads a session as it lies in a store. What is none counts as none, so that its browser is anonymous. */
export function parseSession(text: string): SessionData | null {
  try {
    const session: unknown = JSON.parse(text)
    const isSession = typeof session === 'object' && session !== null && 'cookie' in session
    return isSession ? (session as SessionData) : null
  } catch {
    return null
  }
}

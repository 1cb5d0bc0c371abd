import type { RequestHandler } from 'express'
import type { EmulatorState } from './endpoint'
import { readForm, readQuery, toRecord } from './parameters'

/** Writes each request into the journal as it comes; its status follows when there is one. */
export function recordRequest({ journal, now }: EmulatorState): RequestHandler {
  return (req, res, next) => {
    let readStatus = () => (res.headersSent ? res.statusCode : undefined)
    journal.write({
      method: req.method,
      path: req.path,
      query: toRecord(readQuery(req)),
      headers: { ...req.headers },
      body: toRecord(readForm(req)),
      atMs: now(),
      readStatus: () => readStatus(),
    })
    res.once('close', () => {
      // Only the number stays: the journal must not keep thousands of responses alive.
      const status = readStatus()
      readStatus = () => status
    })
    next()
  }
}

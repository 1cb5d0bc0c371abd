import { Socket } from 'node:net'

import type { Request, Response } from 'express'

/** For a client that still sends: cut off at once, many would never read the answer. */
const LINGER_MS = 2_000

const watched = new WeakSet<Response>()

/**
 * Sees to it that a body which nobody has read does not go on for long behind the answer: Node.js would throw it away as it
 * comes, until the time-out of a whole request. A connection whose body is there by then stays open.
 */
export function endBodyAfterAnswer(res: Response): void {
  const { req } = res
  if (watched.has(res) || req.complete) return
  watched.add(res)
  res.once('finish', () => {
    const socket = connectionOf(req)
    if (socket !== undefined && !req.complete) destroyLater(req, socket)
  })
}

/** The connection ends with the answer. What still comes is thrown away, until the client is done or its time is up. */
export function closeAfterAnswer(req: Request, res: Response): void {
  res.setHeader('Connection', 'close')
  const socket = connectionOf(req)
  if (socket === undefined) return
  watched.add(res)
  // What Node.js calls behind the last answer of a connection.
  const destroySoon = socket.destroySoon.bind(socket)
  socket.destroySoon = () => {
    if (req.complete) {
      destroySoon()
      return
    }
    destroyLater(req, socket)
    req.once('end', destroySoon)
    socket.end()
  }
}

function destroyLater(req: Request, socket: Socket): void {
  const timer = setTimeout(() => {
    if (!req.complete) socket.destroy()
  }, LINGER_MS)
  // Of a body that has come, and of a connection that was closed.
  req.once('close', () => clearTimeout(timer))
}

/** Undefined: the request came over none that is ours to end. */
function connectionOf(req: Request): Socket | undefined {
  const socket: unknown = req.socket
  return socket instanceof Socket ? socket : undefined
}

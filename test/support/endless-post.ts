import { connect } from 'node:net'

const CHUNK = Buffer.concat([
  Buffer.from('10000\r\n'),
  Buffer.alloc(0x10000, 'a'),
  Buffer.from('\r\n'),
])

export interface EndlessAnswer {
  /** As it came over the connection, until that was closed. */
  readonly text: string
  /** Until the answer began. */
  readonly answeredMs: number
}

/**
 * Posts a body over a connection of its own that does not end: chunk after chunk until the server closes the connection, or one
 * that says a gigabyte and stops after three bytes.
 */
export function postEndless(
  origin: string,
  line: string,
  type: string,
  kind: 'chunks' | 'gigabyte',
): Promise<EndlessAnswer> {
  const { hostname, port, host } = new URL(origin)
  const startMs = performance.now()
  const socket = connect({ host: hostname, port: Number(port) })
  const length = kind === 'chunks' ? 'Transfer-Encoding: chunked' : 'Content-Length: 1000000000'
  socket.write(
    `${line} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\nConnection: keep-alive\r\n${length}\r\n\r\n`,
  )
  function send(): void {
    if (!socket.writable) return
    socket.write(CHUNK, () => setImmediate(send))
  }
  if (kind === 'chunks') send()
  else socket.write('{"a')
  return new Promise((resolve, reject) => {
    let text = ''
    let answeredMs = 0
    socket.on('data', (chunk: Buffer) => {
      answeredMs ||= performance.now() - startMs
      text += chunk.toString()
    })
    socket.on('end', () => resolve({ text, answeredMs }))
    // Cut off while this side still sends.
    socket.on('error', (error) => {
      if (text === '') reject(error)
      else resolve({ text, answeredMs })
    })
  })
}

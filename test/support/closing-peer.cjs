// A server that answers after 50 ms with the number of connections so far, and closes a connection when so many milliseconds (its argument) have passed since an answer. A process of its
// own: it goes on while the event loop of a test is held. Prints its port.
const { createServer } = require('node:net')
const { clearTimeout, setTimeout } = require('node:timers')

const ANSWER_MS = 50
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: '
let connections = 0
const idleMs = Number(process.argv[2])
const server = createServer((socket) => {
  connections += 1
  let timer
  socket.on('error', () => socket.destroy())
  socket.on('data', () => {
    clearTimeout(timer)
    setTimeout(() => {
      const body = String(connections)
      socket.write(`${HEAD}${body.length}\r\n\r\n${body}`)
      timer = setTimeout(() => socket.end(), idleMs)
    }, ANSWER_MS)
  })
}).listen(0, '127.0.0.1', () => console.log(server.address().port))

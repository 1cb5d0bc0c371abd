// A server that answers after 50 ms, and closes a connection when so many milliseconds (its argument) have passed since an answer. A process of its
// own: it goes on while the event loop of a test is held. Prints its port.
const { createServer } = require('node:net')
const { clearTimeout, setTimeout } = require('node:timers')

const ANSWER_MS = 50
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
const idleMs = Number(process.argv[2])
const server = createServer((socket) => {
  let timer
  socket.on('error', () => socket.destroy())
  socket.on('data', () => {
    clearTimeout(timer)
    setTimeout(() => {
      socket.write(ANSWER)
      timer = setTimeout(() => socket.end(), idleMs)
    }, ANSWER_MS)
  })
}).listen(0, '127.0.0.1', () => console.log(server.address().port))

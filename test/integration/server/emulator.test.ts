import { Workplace } from './command-line'

let place: Workplace

beforeEach(() => {
  place = new Workplace()
})
afterEach(() => place.clear())

test('emulator tells its address, people, clients and lines that a server runs with', async () => {
  const client = 'amzn1.shop:shop-secret:http://localhost:9/amazon_auth'
  const emulator = place.start(['emulator', '--port', '0', '--client', client])
  const [, api = ''] = await emulator.said(/para\.amazon\.api_url = "(\S+)"/)
  expect(emulator.stdout).toContain('Ada Lindqvist, ada@example.com')
  expect(emulator.stdout).toContain('returns to http://localhost:9/amazon_auth')
  expect((await fetch(`${api}/emulator/faults`)).status).toBe(200)

  const lines = emulator.stdout.split('\n').filter((line) => line.trim().startsWith('para.'))
  place.write('application.conf', [...lines, 'para.port = 0', 'para.host = "127.0.0.1"'])
  const server = await place.listen(['serve', '--allow-emulator'])
  const begun = await fetch(`${server.origin}/amazon_auth`, { redirect: 'manual' })
  expect(begun.headers.get('location')).toContain(`${api}/ap/oa?client_id=amzn1.shop`)

  emulator.child.kill('SIGINT')
  expect(await emulator.exit()).toBe(0)
})

test('a client without a return URL exits 1', async () => {
  const emulator = await place.run(['emulator', '--client', 'id:secret'])
  expect(emulator.exitCode).toBe(1)
  expect(emulator.stderr).toContain('id:secret:http://localhost:3000/')
})

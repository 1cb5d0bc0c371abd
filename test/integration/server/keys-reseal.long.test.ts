import { Workplace } from './command-line'

const OLD = 'old-master-key-of-these-tests-0123456789'
const NEW = 'new-master-key-of-these-tests-9876543210'

let place: Workplace
beforeEach(() => {
  place = new Workplace()
  place.write('application.conf', ['para.port = 0', 'para.store.url = "sqlite:shop.db"'])
})
afterEach(() => place.clear())

test('keys reseal names a running server that lacks the new key, and changes nothing unless told to', async () => {
  const server = await place.listen(['serve'], { para_secret_key: OLD })
  const both = { para_secret_key: `${NEW},${OLD}` }
  const reseal = async (...options: string[]) => {
    const running = place.start(['keys', 'reseal', ...options], both)
    running.child.stdin?.end()
    const status = await running.exit()
    return { status, stdout: running.stdout, stderr: running.stderr }
  }
  const refused = await reseal()
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain(`(pid ${server.child.pid}), seen 0 min ago`)
  expect(refused.stderr).toContain('--yes')
  expect(refused.stdout).toBe('')
  expect((await reseal('--yes')).stdout).toContain('1 secret was sealed anew')
}, 60_000)

test('keys reseal asks nothing of servers that have the key, or have ended', async () => {
  const ended = await place.listen(['serve'], { para_secret_key: OLD })
  ended.child.kill('SIGTERM')
  expect(await ended.exit()).toBe(0)
  const both = { para_secret_key: `${NEW},${OLD}` }
  await place.listen(['serve'], both)
  const reseal = place.start(['keys', 'reseal'], both)
  expect([await reseal.exit(), reseal.stderr]).toEqual([0, ''])
}, 60_000)

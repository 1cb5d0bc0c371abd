import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:tls'

import { makeCertificate, type Certificate } from '../../support/certificate'
import { describeWithRedis, startRedis, type RedisServer } from '../../support/redis-server'
import { Workplace } from '../server/command-line'

describeWithRedis('rediss://', () => {
  let place: Workplace
  let redis: RedisServer
  let certificate: Certificate
  let tls: Server
  beforeAll(async () => {
    place = new Workplace()
    redis = await startRedis()
    certificate = makeCertificate(place.folder)
    tls = createServer(certificate, (client) => {
      const upstream = connect(redis.port, '127.0.0.1')
      client.on('error', () => upstream.destroy()).pipe(upstream)
      upstream.on('error', () => client.destroy()).pipe(client)
    })
    tls.on('tlsClientError', () => undefined).listen(0, '127.0.0.1')
    await once(tls, 'listening')
  })
  afterAll(async () => {
    await place.clear()
    tls.close()
    await redis.close()
  })

  const serve = (environment: Readonly<Record<string, string>>) =>
    place.listen(['serve'], {
      para_port: '0',
      para_host: '127.0.0.1',
      para_store_url: 'sqlite::memory:',
      para_secret_key: 'the-master-key-over-tls-0123456789-abcdef',
      para_session_store_url: `rediss://localhost:${(tls.address() as AddressInfo).port}`,
      ...environment,
    })

  test('a certificate that nobody vouches for is refused', async () => {
    const server = await serve({})
    expect(server.stdout).toMatch(/"reason":"DEPTH_ZERO_SELF_SIGNED_CERT".*Redis is not reachable/)
  })

  test('with NODE_EXTRA_CA_CERTS it is taken, for the name it is made out to', async () => {
    const server = await serve({ NODE_EXTRA_CA_CERTS: certificate.certFile })
    expect(server.stdout).not.toContain('not reachable')
    // Sessions and news, each over a connection of its own.
    expect(await redis.connections()).toBe(2)
  })
})

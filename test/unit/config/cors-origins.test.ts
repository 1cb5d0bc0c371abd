import { loadConfig } from '../../../src/config/load-config'

async function originsOf(text: string) {
  const conf = `para.security.cors_origins = "${text}"`
  const { config } = await loadConfig({ text: conf, file: 'a.conf', environment: {} })
  return config.security.corsOrigins
}

test('names of sites are taken, in any case and with their default port', async () => {
  const list = await originsOf('https://Shop.example.com:443, http://localhost:5173/')
  expect(list).toEqual(['https://shop.example.com', 'http://localhost:5173'])
  expect(await originsOf('')).toEqual([])
})

test('so are those that apps made of pages have on iOS, which are no address', async () => {
  expect(await originsOf('capacitor://localhost, ionic://com.example.shop')).toEqual([
    'capacitor://localhost',
    'ionic://com.example.shop',
  ])
  const admin = 'para.admin.origin = "capacitor://localhost"'
  const loading = loadConfig({ text: admin, file: 'a.conf', environment: {} })
  await expect(loading).rejects.toThrow('must be one origin such as https://')
})

test.each([
  ['*', 'name each site in full, such as https://shop.example.com'],
  ['https://*.example.com', 'there are no patterns, name each site in full'],
  ['https://shop.example.com/app', 'write https://shop.example.com'],
  ['https://shop.example.com?x=1', 'write https://shop.example.com'],
  ['shop.example.com', 'write https://shop.example.com'],
  ['localhost:5173', 'write https://localhost:5173'],
  ['https://good.example,null', 'write https://null'],
  ['ftp://shop.example.com', 'name each site in full'],
  ['capacitor://localhost/app', 'name each site in full'],
])('%s has no effect, so it is refused with what to write instead', async (text, advice) => {
  const loading = originsOf(text)
  await expect(loading).rejects.toThrow(/para\.security\.cors_origins.*a\.conf:1/)
  await expect(loading).rejects.toThrow(advice)
})

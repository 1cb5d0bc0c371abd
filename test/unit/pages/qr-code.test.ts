import { qrPicture } from '../../../src/pages/qr-code'
import { qrBlocks } from '../../../src/server/qr-blocks'

const ADDRESS = 'https://amazon.com/us/code'

test('a QR code in a terminal has a margin, and as many lines as half its rows', () => {
  const lines = qrBlocks(ADDRESS).split('\n')
  expect(new Set(lines.map((line) => line.length)).size).toBe(1)
  expect(lines).toHaveLength(Math.ceil((lines[0]?.length ?? 0) / 2))
  expect(lines[0]).toMatch(/^█+$/)
})

test('a QR picture escapes its label', () => {
  const { markup } = qrPicture(ADDRESS, '"><script>')
  expect(markup).toContain('aria-label="&#34;&#62;&#60;script&#62;"')
})

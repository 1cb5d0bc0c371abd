import fc from 'fast-check'
import { GET, outcome, signWith, withHeader } from './signers'

test('S5 any text in place of signature or date, or in a part of it, ends in a refusal and in no other error', async () => {
  const signed = await signWith('aws4', GET)
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(' ', ',', ';', '=', '/', ':', '\t', '\0', 'a', 'é', 'Credential='),
    }),
  )
  const parts = fc
    .tuple(text, text, text)
    .map(([a, b, c]) => `AWS4-HMAC-SHA256 Credential=${a}, SignedHeaders=${b}, Signature=${c}`)
  fc.assert(
    fc.property(fc.oneof(text, parts), text, (value, date) => {
      expect(outcome(withHeader(signed, 'authorization', value))).not.toBe('verified')
      expect(outcome(withHeader(signed, 'x-amz-date', date))).toMatch(/^signature_/)
    }),
    { numRuns: 2000, seed: 5 },
  )
})

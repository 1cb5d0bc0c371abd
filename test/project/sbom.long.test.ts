import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import Ajv from 'ajv'

const ROOT = join(__dirname, '../..')
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const schema = (name: string) =>
  read(
    join(ROOT, `node_modules/@cyclonedx/cyclonedx-library/res/schema/${name}.SNAPSHOT.schema.json`),
  )

test('npm run sbom writes what the package brings along, as CycloneDX has it', () => {
  execFileSync(process.execPath, ['.ci/write-sbom.cjs'], { cwd: ROOT })
  const sbom = read(join(ROOT, 'artifacts/sbom.cdx.json'))
  // Its formats are those of addresses and dates, which ajv leaves to another package.
  const ajv = new Ajv({ strict: false, validateFormats: false })
  for (const name of ['spdx', 'jsf-0.82']) {
    const { $id, ...rest } = schema(name)
    ajv.addSchema(rest, $id.replace('.schema', '.SNAPSHOT.schema'))
  }
  const validate = ajv.compile(schema(`bom-${sbom.specVersion}`))
  expect([validate(sbom), validate.errors]).toEqual([true, null])
  expect(sbom.metadata.component).toMatchObject({ name: 'express-amazon-auth', type: 'library' })
  const names = sbom.components.map(({ name }: { name: string }) => name)
  // Express is a peer; pino is needed by what tests are made of, too.
  const ours = ['axios', 'kysely', 'libsql', 'express', 'router', 'pino', 'lru-cache']
  expect(names).toEqual(expect.arrayContaining(ours))
  for (const other of ['jest', 'supertest', 'pg', 'redis']) expect(names).not.toContain(other)
  expect(validate({ ...sbom, components: [{ name: 'x' }] })).toBe(false)
})

// Lets plain Node run TypeScript in a child process: node -r ./test/support/register-ts.cjs program.ts
const { createHash } = require('node:crypto')
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const OPTIONS = {
  swcrc: false,
  sourceMaps: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
}
// Many short programs are run, of the same files.
const CACHE = join(__dirname, '../../node_modules/.cache/register-ts')
mkdirSync(CACHE, { recursive: true })

require.extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8')
  const key = createHash('sha256').update(`${filename}\n${source}`).digest('hex')
  module._compile(cached(join(CACHE, `${key}.js`), source, filename), filename)
}

function cached(file, source, filename) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    const { code } = require('@swc/core').transformSync(source, { ...OPTIONS, filename })
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, code)
    renameSync(draft, file)
    return code
  }
}

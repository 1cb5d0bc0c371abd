// Lets plain Node run TypeScript in a child process: node -r ./test/support/register-ts.cjs program.ts
const { readFileSync } = require('node:fs')
const { transformSync } = require('@swc/core')

const OPTIONS = {
  swcrc: false,
  sourceMaps: 'inline',
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
}

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename })
  module._compile(code, filename)
}

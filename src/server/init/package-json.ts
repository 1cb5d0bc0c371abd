import { VERSION } from '../../version'
import type { Choices } from './choices'

const EXPRESS = { 4: '^4.21.0', 5: '^5.1.0' }
const EXPRESS_TYPES = { 4: '^4.17.21', 5: '^5.0.0' }

/** The `package.json` of a project. */
export function packageJson(name: string, { lang, express }: Choices): object {
  return {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: lang === 'ts' ? TYPESCRIPT_SCRIPTS : JAVASCRIPT_SCRIPTS,
    dependencies: { express: EXPRESS[express], 'express-amazon-auth': `^${VERSION}` },
    ...(lang === 'ts' && {
      devDependencies: {
        '@types/express': EXPRESS_TYPES[express],
        '@types/node': '^20.19.0',
        tsx: '^4.20.0',
        typescript: '^6.0.0',
      },
    }),
  }
}

const READS_ENV = '--env-file-if-exists=.env'

const JAVASCRIPT_SCRIPTS = {
  dev: `node --watch ${READS_ENV} src/dev.js`,
  start: `node ${READS_ENV} src/server.js`,
  test: 'node --test test/sign-in.test.js',
}

const TYPESCRIPT_SCRIPTS = {
  dev: `tsx watch ${READS_ENV} src/dev.ts`,
  build: 'tsc',
  start: `node ${READS_ENV} dist/src/server.js`,
  test: 'node --import tsx --test test/sign-in.test.ts',
}

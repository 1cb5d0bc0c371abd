import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { type Block, blocksIn, blocksOf, ROOT } from '../support/docs/pages'
import { docstringSamples } from '../support/docs/docstring-samples'

const COMPILER = join(ROOT, 'node_modules/typescript-native/bin/tsc')
/** A machine with more to do takes half a minute for one. */
const COMPILING_MS = 120_000
const SCRIPT = /<script[^>]*>([\s\S]*?)<\/script>/g

/**
 * What a host has anyway, so that pages need not tell of it each time. Names of this package are not among it: a sample
 * that is copied should run, and so brings its imports.
 */
const AROUND = readFileSync(join(__dirname, 'samples-around.txt'), 'utf8')

describe('samples of code in pages and docstrings', () => {
  let folder: string
  beforeAll(() => {
    // Inside the package, which is found by its own name there.
    mkdirSync(join(ROOT, 'artifacts'), { recursive: true })
    folder = mkdtempSync(join(ROOT, 'artifacts/samples-'))
    writeFileSync(join(folder, 'around.d.ts'), AROUND)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test(
    'compile, in strict TypeScript where they are TypeScript',
    () => {
      const readme = blocksOf('README.md').filter(({ language }) => language === 'js')
      const samples = [...blocksIn('ts'), ...readme, ...docstringSamples()]
      expect(samples.length).toBeGreaterThan(10)
      expect(compile(samples, { strict: true, exactOptionalPropertyTypes: true })).toEqual([])
    },
    COMPILING_MS,
  )

  test(
    'compile as JavaScript, which knows names, options and members',
    () => {
      const scripts = blocksIn('html').flatMap(({ code, place, ...block }) =>
        Array.from(code.matchAll(SCRIPT), ([, script = ''], at) => ({
          ...block,
          place: `${place}-${at}`,
          code: script,
        })),
      )
      const samples = [...blocksIn('js'), ...scripts]
      expect(samples.length).toBeGreaterThan(20)
      expect(compile(samples, { strict: false })).toEqual([])
    },
    COMPILING_MS,
  )

  test(
    'that do not compile are told, with their page and line',
    () => {
      const code =
        "import { amazonAuth } from 'express-amazon-auth'\namazonAuth({ publicURL: 1 })\n"
      const wrong = { place: 'docs/x.md:3', language: 'ts', code }
      expect(compile([wrong], { strict: true })).toEqual([
        expect.stringMatching(/^docs-x-md-3\.mts\(2,14\): error TS2561: .*'publicURL'/),
      ])
    },
    COMPILING_MS,
  )

  /** What the compiler says of samples, each a module of its own. */
  function compile(samples: readonly Block[], options: object): readonly string[] {
    const files = samples.map(({ place, code }) => {
      const name = `${place.replaceAll(/\W+/g, '-')}.mts`
      writeFileSync(join(folder, name), `${code}\nexport {}\n`)
      return name
    })
    const compilerOptions = {
      module: 'node20',
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: ['node'],
      esModuleInterop: true,
      skipLibCheck: true,
      noEmit: true,
      ...options,
    }
    const config = join(folder, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ compilerOptions, files: ['around.d.ts', ...files] }))
    const run = spawnSync(process.execPath, [COMPILER, '-p', config], { encoding: 'utf8' })
    expect(run.stderr).toBe('')
    const lines = run.stdout.split('\n').filter((line) => line.includes('error TS'))
    return lines.map((line) =>
      line.slice(line.indexOf(basename(folder)) + basename(folder).length + 1),
    )
  }
})

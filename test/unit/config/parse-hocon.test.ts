import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { ConfigError } from '../../../src/config/config-error'
import { parseHocon, type HoconDocument } from '../../../src/config/parse-hocon'
import reference from './hocon-cases.json'

interface ReferenceCase {
  readonly text: string
  readonly expected?: unknown
  readonly error?: boolean
}

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hocon-'))
  for (const [name, text] of Object.entries(reference.files)) write(name, text)
})

afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

function parse(text: string, environment: Record<string, string> = {}): HoconDocument {
  return parseHocon({ text, file: join(folder, 'main.conf'), environment })
}

function valuesOf(text: string, environment?: Record<string, string>): unknown {
  return parse(text, environment).values
}

function problemOf(parsing: () => unknown): ConfigError {
  const error = outcomeOf(parsing)
  if (!(error instanceof ConfigError)) throw new Error(`no ConfigError but ${String(error)}`)
  return error
}

function outcomeOf(parsing: () => unknown): unknown {
  try {
    return parsing()
  } catch (error) {
    return error
  }
}

describe('the answers of the reference implementation (Lightbend config 1.4.5)', () => {
  const cases = Object.entries<ReferenceCase>(reference.cases)
  const environment = { HOCON_SET: 'fromenv' }

  // The reference allows `__proto__` as a key; no JavaScript program that merges objects later is safe from it.
  const refusedHere = ['proto']

  test.each(cases.filter(([name, one]) => !one.error && !refusedHere.includes(name)))(
    '%s has the same values',
    (_name, { text, expected }) => {
      expect(valuesOf(text, environment)).toEqual(expected)
    },
  )

  test.each(cases.filter(([name, one]) => one.error === true || refusedHere.includes(name)))(
    '%s is refused with file and line',
    (_name, { text }) => {
      const { problems } = problemOf(() => parse(text, environment))
      expect(problems).toEqual([
        { key: '', origin: expect.stringMatching(/main\.conf:\d+$/), problem: expect.any(String) },
      ])
    },
  )

  // Not in the collected cases, but told by the specification.
  test.each<[string, unknown]>([
    ['a = 0.5\nb = -0.25', { a: 0.5, b: -0.25 }],
    ['a = foo//a comment\nb = 1', { a: 'foo', b: 1 }],
    ['a = x | sort', { a: 'x | sort' }],
    ['require = 1\na = include b', { require: 1, a: 'include b' }],
    ['a += true\na += "2"\na += 2.5', { a: [true, '2', 2.5] }],
    ['id = 123456789012345678901', { id: '123456789012345678901' }],
    ['{ a = { b = [ {c = 1}, {c = 2} ] } }', { a: { b: [{ c: 1 }, { c: 2 }] } }],
    ['a = ${?NOT_SET}', {}],
    ['p { x = ${p.y} }\np.y = 4', { p: { x: 4, y: 4 } }],
    ['a += x y\na += ${?NOT_SET}', { a: ['x y'] }],
    ['a = ${NOT_SET}\na = 1', { a: 1 }],
    ['a { x = 1 }\na = ${a} { y = ${a.x} }', { a: { x: 1, y: 1 } }],
    ['"*" = 1', { '*': 1 }],
    ['a = z\na = ${a}x\na = ${a}y', { a: 'zxy' }],
    ['q.p = [1]\nq.p = ${q.p} [2]\nq.p = ${q.p} [3]', { q: { p: [1, 2, 3] } }],
    ['p { a = 1 }\np = ${p} { k = 1 }\np = ${p} { m = 2 }', { p: { a: 1, k: 1, m: 2 } }],
    ['a = ${?a}x\na = ${?a}y', { a: 'xy' }],
    ['# x\u2028evil = 1\na = 2', { a: 2 }],
    ['a = ${ b.c }\n"b".c = 1', { a: 1, b: { c: 1 } }],
    ['a\n{\n  b = """x""""\n}', { a: { b: 'x"' } }],
  ])('%j means %j', (text, expected) => {
    expect(valuesOf(text)).toEqual(expected)
  })
})

describe('names that reach into JavaScript', () => {
  test.each([
    '__proto__ { polluted = 1 }',
    'a.__proto__.polluted = 1',
    '"__proto__".polluted = 1',
    'a = [ { __proto__ { polluted = 1 } } ]',
    'constructor.prototype.polluted = 1',
    'a.prototype = 1',
    'hasOwnProperty = 1',
    'a = ${?constructor.name}',
    'k = __proto__\n${k}.polluted = 1',
    'a = ${"{globalThis.polluted = 1}"}',
  ])('%j is refused and changes nothing outside', (text) => {
    problemOf(() => parse(text))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect((globalThis as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('an included file is held to the same rules', () => {
    write('danger.conf', '__proto__ { polluted = 1 }')
    const { message } = problemOf(() => parse('include "danger.conf"'))
    expect(message).toContain('danger.conf:1')
  })
})

describe('environment', () => {
  test('only the given environment is looked at, never that of the process', () => {
    problemOf(() => parse('a = ${PATH}'))
    expect(valuesOf('a = ${PATH}', { PATH: 'given' })).toEqual({ a: 'given' })
  })

  test('an unset ${NAME} is named with its line', () => {
    const { message } = problemOf(() => parse('a = 1\nb = ${NOT_SET}'))
    expect(message).toMatch(/main\.conf:2: \$\{NOT_SET\} is set neither in the file nor/)
  })
})

describe('include', () => {
  test.each([
    'include "http://127.0.0.1:1/x.conf"',
    'include url("http://127.0.0.1:1/x.conf")',
    'include url("file:///etc/hostname")',
    'include required(url("https://127.0.0.1:1/x.conf"))',
    'include package("express", "package.json")',
    'include classpath("x.conf")',
    'include { url = "http://127.0.0.1:1/x.conf" }',
    'include ${a}',
    'include = 5',
    'include "x.properties"',
  ])('%j is refused: only local files can be included', (text) => {
    const { message } = problemOf(() => parse(text))
    expect(message).toMatch(/main\.conf:1: (include takes a local file|only \.conf and \.json)/)
  })

  test('a script with the name of an included file is read as HOCON, not run', () => {
    write('script.js', 'globalThis.polluted = 1')
    valuesOf('include "script.js"')
    expect((globalThis as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('a file is looked for beside the one that includes it, and merged where it stands', () => {
    write('outer.conf', '{ include "inner.conf", x = 1 }')
    write('inner.conf', 'y = ${z}\nx = 0')
    const text = 'z = 3\npara { x = 5, include "outer", w = 2 }'
    expect(valuesOf(text)).toEqual({ z: 3, para: { x: 1, y: 3, w: 2 } })
  })

  test('the origin of an included key is the included file', () => {
    write('port.conf', '\n\nport = 1')
    const document = parse('para { include "port.conf" }')
    expect(document.originOf('para.port')).toBe(join(folder, 'port.conf:3'))
  })

  test('files that include each other are refused', () => {
    write('a.conf', 'include "b.conf"')
    write('b.conf', 'include "a.conf"')
    const { message } = problemOf(() => parse('include "a.conf"'))
    expect(message).toMatch(/b\.conf:1: the file includes itself/)
  })

  test('a file that doubles at every level stops at a limit', () => {
    for (let i = 0; i < 12; i++) {
      write(`level${i}.conf`, `include "level${i + 1}.conf"\ninclude "level${i + 1}.conf"`)
    }
    write('level12.conf', 'a = 1')
    const { message } = problemOf(() => parse('include "level0.conf"'))
    expect(message).toContain('more than 64 files')
  })
})

describe('limits', () => {
  test('more than 1 MiB is refused', () => {
    const { message } = problemOf(() => parse(`a = "${'x'.repeat(1024 * 1024)}"`))
    expect(message).toMatch(/main\.conf: is larger than 1 MiB/)
  })

  test.each(['a = ' + '['.repeat(5000), 'a {'.repeat(5000), 'a = ${'.repeat(5000)])(
    'deep nesting is refused, not a stack overflow (%#)',
    (text) => {
      problemOf(() => parse(text))
    },
  )

  test.each([
    'a = ${?b}x\nb = ${?a}y\na = ${b}${b}',
    'c = ${b} ${?b}\nb.c = ${a.b} ${a.b}\np += ${a.b}\na.b += ${b}',
  ])('values that grow out of each other are refused in time: %j', (text) => {
    expect(problemOf(() => parse(text)).message).toContain('refer to each other in a circle')
  })

  test('a file of a quarter of a million fields is read, also where it is included', () => {
    write('many.conf', 'a=1\n'.repeat(250_000))
    expect(valuesOf('include "many.conf"')).toEqual({ a: 1 })
  })

  test('values that double with every reference are refused in time', () => {
    const links = Array.from(
      { length: 60 },
      (_, link) => `k${link} = [\${k${link + 1}}, \${k${link + 1}}]`,
    )
    expect(problemOf(() => parse([...links, 'k60 = 1'].join('\n'))).message).toContain('too large')
  })

  test('a chain of references without end is refused, not a stack overflow', () => {
    const links = Array.from({ length: 20_000 }, (_, link) => `k${link} = \${k${link + 1}}`)
    problemOf(() => parse([...links, 'k20000 = 1'].join('\n')))
  })

  test.each([
    Array.from({ length: 3_000 }, (_, part) => `k${part}`).join('.') + ' = 1',
    ['a0 = [1]', ...Array.from({ length: 40 }, (_, n) => `a${n + 1} = \${a${n}}\${a${n}}`)].join(
      '\n',
    ),
    [
      'a0 {k=1}',
      ...Array.from({ length: 40 }, (_, n) => `a${n + 1} {x=\${a${n}},y=\${a${n}}}`),
    ].join('\n'),
  ])('what would grow without end is refused in time (%#)', (text) => {
    problemOf(() => parse(text))
  })

  test('a chain of references may be long', () => {
    const links = Array.from({ length: 60 }, (_, link) => `k${link} = \${k${link + 1}}`)
    expect(valuesOf([...links, 'k60 = 1'].join('\n'))).toMatchObject({ k0: 1 })
  })

  test('a file that is not there is named', () => {
    const { message } = problemOf(() => parseHocon({ file: 'nowhere.conf', environment: {} }))
    expect(message).toBe('nowhere.conf: cannot be read (there is no such file)')
  })
})

describe('origins', () => {
  test('a key has the line that set it last', () => {
    const document = parse('para {\n  port = 1\n}\npara.port = 2\npara.env = test')
    expect(document.originOf('para.port')).toMatch(/main\.conf:4$/)
    expect(document.originOf('para.env')).toMatch(/main\.conf:5$/)
    expect(document.originOf('other')).toBeUndefined()
  })

  test('${?NAME} is an origin only when NAME is set', () => {
    const text = 'port = 1\nport = ${?PORT}'
    expect(parse(text).originOf('port')).toMatch(/:1$/)
    expect(parse(text, { PORT: '2' }).originOf('port')).toMatch(/:2$/)
  })

  test('lines are counted through comments, triple quotes and CRLF', () => {
    const document = parse('# one\r\na = """x\r\ny"""\r\n// four\r\nb = 1')
    expect(document.originOf('b')).toMatch(/:5$/)
  })

  test('a part of a copied object has the line of the copy', () => {
    const document = parse('a { x = 1 }\nb = ${a}')
    expect(document.originOf('b.x')).toMatch(/:2$/)
  })
})

test('any text is either read or refused by a ConfigError, and never changes an object outside', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      'b.c',
      '"d e"',
      '=',
      ':',
      '+=',
      '{',
      '}',
      '[',
      ']',
      ',',
      '\n',
      ' ',
      '${a}',
      '${?b.c}',
      '${',
      '1',
      '|',
    ],
    ...[
      '#',
      '//',
      'true',
      'null',
      '"""',
      '\\',
      'include',
      'require',
      '__proto__',
      'constructor',
      '.',
      '$',
      '"x"',
    ],
  )
  const names = Object.getOwnPropertyNames(Object.prototype)
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const outcome = outcomeOf(() => valuesOf(parts.join('')))
      expect(outcome instanceof ConfigError || !(outcome instanceof Error)).toBe(true)
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(names)
    }),
    { numRuns: 3000 },
  )
})

test.each([
  'az_secret = hunter2secret+more',
  'az_secret = hunter2secret=more',
  'az_secret = "hunter2secret',
  'az_secret = hunter2secret $ more',
  'az_secret = hunter2secret { a = 1 }',
  'az_secret = [hunter2secret',
  'az_secret = "hunter2secret\\q"',
  'a = hunter2secret\na += 1',
])('a message never holds a value: %j', (text) => {
  const { message } = problemOf(() => parse(text))
  expect(message).not.toContain('hunter2')
  expect(message).toMatch(/main\.conf:\d+: /)
})

describe('a file in another encoding', () => {
  const TEXT = '# first line\npara.az_secret = "plantéd"\n'
  const LITTLE = Buffer.from(TEXT, 'utf16le')
  const BIG = Buffer.from(LITTLE).swap16()

  test.each([
    ['UTF-16 (little-endian)', '', Buffer.concat([Buffer.from([0xff, 0xfe]), LITTLE])],
    ['UTF-16 (big-endian)', '', Buffer.concat([Buffer.from([0xfe, 0xff]), BIG])],
    ['UTF-16 (little-endian)', '', LITTLE],
    ['UTF-16 (big-endian)', '', BIG],
    ['Latin-1 or Windows-1252', ':2', Buffer.from(TEXT, 'latin1')],
    ['Latin-1 or Windows-1252', ':1', Buffer.from('a = "‘x"', 'latin1').fill(0x91, 5, 6)],
  ])('is named %s, with what to do', (encoding, line, bytes) => {
    const file = join(folder, 'other-encoding.conf')
    writeFileSync(file, bytes)
    const { problems, message } = problemOf(() => parseHocon({ file, environment: {} }))
    expect(problems).toEqual([
      {
        key: '',
        origin: file + line,
        problem: expect.stringContaining(`${encoding}: save it as UTF-8`),
      },
    ])
    expect(message).not.toContain('plant')
  })

  test('is told by its own name when it is included', () => {
    writeFileSync(join(folder, 'included-latin.conf'), Buffer.from('x = "é"', 'latin1'))
    const { message } = problemOf(() => parse('include "included-latin.conf"'))
    expect(message).toContain('included-latin.conf:1')
  })

  test('is read when it is UTF-8 with a byte order mark', () => {
    const file = join(folder, 'marked.conf')
    writeFileSync(file, `\uFEFF${TEXT}`)
    const { values } = parseHocon({ file, environment: {} })
    expect(values).toEqual({ para: { az_secret: 'plantéd' } })
  })
})

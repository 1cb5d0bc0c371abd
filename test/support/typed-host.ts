import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(__dirname, '../..')
const HOSTS = join(__dirname, '../types/hosts')

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  esModuleInterop: true,
  noEmit: true,
  // Reports what the declarations of a host could not name.
  declaration: true,
  target: 'es2022',
  types: ['node'],
}

/** A folder in which programs of hosts are compiled against the package as it is built. */
export class TypedHost {
  private readonly folder = mkdtempSync(join(tmpdir(), 'amazon-auth-types-'))

  constructor() {
    const modules = join(this.folder, 'node_modules')
    const own = join(modules, 'express-amazon-auth')
    mkdirSync(own, { recursive: true })
    cpSync(join(ROOT, 'package.json'), join(own, 'package.json'))
    cpSync(join(ROOT, 'dist'), join(own, 'dist'), { recursive: true })
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
    }
  }

  /**
   * @param compiler Its `tsc`.
   * @returns What the compiler says of a program; empty: nothing.
   */
  compile(files: Readonly<Record<string, string>>, options: object, compiler: string): string {
    for (const [name, code] of Object.entries(files)) writeFileSync(join(this.folder, name), code)
    const config = { compilerOptions: { ...STRICT, ...options }, files: Object.keys(files) }
    const file = join(this.folder, 'tsconfig.json')
    writeFileSync(file, JSON.stringify(config))
    return spawnSync(process.execPath, [compiler, '-p', file], { encoding: 'utf8' }).stdout
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}

/** One of the programs beside the tests of types. */
export function hostProgram(name: string): Readonly<Record<string, string>> {
  return { [name]: readFileSync(join(HOSTS, `${name}.txt`), 'utf8') }
}

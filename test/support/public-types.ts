import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(__dirname, '../..')
const SOURCES = join(ROOT, 'src')

const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, { types?: string }>
}

/** What can be imported from the package, as it is named, and the source of each. */
export const ENTRIES: ReadonlyMap<string, string> = new Map(
  Object.entries(exports).flatMap(([name, { types }]) =>
    types === undefined
      ? []
      : [[name, join(ROOT, types.replace('dist', 'src').replace(/\.d\.ts$/, '.ts'))] as const],
  ),
)

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  target: ts.ScriptTarget.ES2022,
  skipLibCheck: true,
  esModuleInterop: true,
  types: ['node'],
}

/** An option as an editor shows it. */
export interface ShownOption {
  readonly path: string
  readonly isRequired: boolean
  /** Whether undefined can be written for it, where it may be left out. */
  readonly takesUndefined: boolean
  readonly isNumber: boolean
  /** What is shown beside it: sentences and tags. */
  readonly help: string
}

const PROBE = join(SOURCES, 'probe.ts')

/** TypeScript's language service, as editors run it, over all that can be imported. */
export class PublicTypes {
  private readonly service: ts.LanguageService
  private readonly program: ts.Program
  private readonly checker: ts.TypeChecker
  private probe = 'export {}'
  private version = 0

  constructor() {
    this.service = ts.createLanguageService({
      getCompilationSettings: () => OPTIONS,
      getScriptFileNames: () => [...ENTRIES.values(), PROBE],
      getScriptVersion: (file) => (file === PROBE ? String(this.version) : '0'),
      getScriptSnapshot: (file) => {
        const text = file === PROBE ? this.probe : ts.sys.readFile(file)
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
      },
      getCurrentDirectory: () => ROOT,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (file) => file === PROBE || ts.sys.fileExists(file),
      readFile: (file) => ts.sys.readFile(file),
      directoryExists: (folder) => ts.sys.directoryExists(folder),
      getDirectories: (folder) => ts.sys.getDirectories(folder),
    })
    this.program = this.programNow()
    this.checker = this.program.getTypeChecker()
  }

  /** The options that types which can be imported have, at all levels, by the name of the type. */
  optionsOf(
    wanted: readonly (readonly [entry: string, name: string])[],
  ): ReadonlyMap<string, readonly ShownOption[]> {
    const asked = wanted.map(([entry, name], index) => {
      const symbol = this.exportsOf(entry).get(name)
      if (symbol === undefined) throw new Error(`${entry} exports no ${name}`)
      const paths = this.pathsOf(this.checker.getDeclaredTypeOfSymbol(symbol), '')
      const type = `import('${ENTRIES.get(entry) ?? ''}').${name}`
      const uses = paths.map(({ path }) => `o${index}.${path.replaceAll('.', '!.')}`)
      return { name, paths, uses, declared: `declare const o${index}: ${type}` }
    })
    this.write(asked.flatMap(({ declared, uses }) => [declared, ...uses]).join('\n'))
    return new Map(
      asked.map(({ name, paths, uses }) => [
        name,
        paths.map((path, at) => ({ ...path, help: this.helpOf(uses[at] ?? '') })),
      ]),
    )
  }

  /** What an editor offers at the `|` of each line. */
  offeredAt(lines: readonly string[]): readonly (readonly string[])[] {
    this.write(lines.join('\n'))
    return Array.from(this.probe.matchAll(/\|/g), ({ index }) => {
      const offered = this.service.getCompletionsAtPosition(PROBE, index, undefined)
      return (offered?.entries ?? []).map(({ name }) => name)
    })
  }

  private programNow(): ts.Program {
    const program = this.service.getProgram()
    if (program === undefined) throw new Error('no program')
    return program
  }

  private write(text: string): void {
    this.probe = text
    this.version += 1
  }

  /** @param use The line in which an option is used, at its end. */
  private helpOf(use: string): string {
    const position = `${this.probe}\n`.indexOf(`\n${use}\n`) + use.length
    const info = this.service.getQuickInfoAtPosition(PROBE, position)
    const tags = (info?.tags ?? []).map(
      ({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`,
    )
    return [ts.displayPartsToString(info?.documentation), ...tags].filter(Boolean).join('\n')
  }

  /** What has no comment of its own is a group: its members count in its place. */
  private pathsOf(type: ts.Type, prefix: string): readonly Omit<ShownOption, 'help'>[] {
    return this.checker.getPropertiesOfType(type).flatMap((option) => {
      const path = prefix + option.name
      const held = this.checker.getTypeOfSymbol(option)
      const own = this.checker.getNonNullableType(held)
      const isGroup =
        option.getDocumentationComment(this.checker).length === 0 &&
        own.getCallSignatures().length === 0 &&
        own.getProperties().length > 0 &&
        !(own.flags & ts.TypeFlags.StringLike)
      if (isGroup) return this.pathsOf(own, `${path}.`)
      const isRequired = !(option.flags & ts.SymbolFlags.Optional)
      const kinds = own.isUnion() ? own.types : [own]
      // Another than the type of what is left out.
      const takesUndefined = held.isUnion() && held.types.includes(this.checker.getUndefinedType())
      const isNumber = kinds.some(({ flags }) => flags & ts.TypeFlags.NumberLike)
      return [{ path, isRequired, takesUndefined, isNumber }]
    })
  }

  /** What an entry exports, by the name under which it does. */
  exportsOf(entry: string): ReadonlyMap<string, ts.Symbol> {
    const source = this.program.getSourceFile(ENTRIES.get(entry) ?? '')
    const module = source && this.checker.getSymbolAtLocation(source)
    if (module === undefined) return new Map()
    const found = this.checker.getExportsOfModule(module)
    return new Map(found.map((symbol) => [symbol.name, this.resolved(symbol)]))
  }

  /**
   * Types of ours that an entry's signatures name, and that cannot be imported from it.
   *
   * @param others Entries that whoever imports it can import from, too.
   */
  unnamedOf(entry: string, others: readonly string[] = []): readonly string[] {
    const known = this.exportsOf(entry)
    const exported = new Set([entry, ...others].flatMap((one) => [...this.exportsOf(one).values()]))
    const missing = new Set<string>()
    for (const [name, symbol] of known) {
      for (const declaration of symbol.declarations ?? []) {
        this.visit(declaration, (used) => {
          if (!exported.has(used)) missing.add(`${used.name}, by ${name}`)
        })
      }
    }
    return [...missing]
  }

  private resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol
  }

  /** Visits what a declaration names, but for what is inside of it: bodies, and private members. */
  private visit(node: ts.Node, found: (symbol: ts.Symbol) => void): void {
    if (ts.isBlock(node) || isPrivate(node)) return
    if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) {
      if (node.type !== undefined) this.visit(node.type, found)
      return
    }
    const name = nameOf(node)
    const symbol = name && this.checker.getSymbolAtLocation(name)
    if (symbol !== undefined) {
      const meant = this.resolved(symbol)
      if (isOurs(meant)) found(meant)
    }
    ts.forEachChild(node, (child) => this.visit(child, found))
  }
}

function nameOf(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName
  return ts.isExpressionWithTypeArguments(node) ? node.expression : undefined
}

/** A type with parameters is a way to write another, which editors show in its place. */
function isComputed(node: ts.Node): boolean {
  return ts.isTypeAliasDeclaration(node) && node.typeParameters !== undefined
}

/** Also what is meant for the package itself. */
function isPrivate(node: ts.Node): boolean {
  if (ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')) return true
  return (
    ts.canHaveModifiers(node) &&
    !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
  )
}

function isOurs({ flags, declarations = [] }: ts.Symbol): boolean {
  if (flags & ts.SymbolFlags.TypeParameter || declarations.some(isComputed)) return false
  return declarations.some((each) => each.getSourceFile().fileName.startsWith(SOURCES))
}

import { join } from 'node:path'
import ts from 'typescript'

import { KNOWN_SETTINGS } from '../../src/apps/known-settings'
import { PLACED_KEYS } from '../../src/config/key-names'

const FILE = join(__dirname, '../../src/config/options.ts')

/** What an editor shows beside each option, by its path. */
function documentedOptions(name: string): ReadonlyMap<string, string> {
  const program = ts.createProgram([FILE], {
    strict: true,
    module: ts.ModuleKind.Node20,
    skipLibCheck: true,
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(FILE)
  const declared = source?.statements
    .filter(ts.isInterfaceDeclaration)
    .find((statement) => statement.name.text === name)
  const docs = new Map<string, string>()
  function walk(type: ts.Type, prefix: string): void {
    for (const option of checker.getPropertiesOfType(type)) {
      const doc = ts.displayPartsToString(option.getDocumentationComment(checker))
      const path = prefix + option.name
      if (doc !== '') docs.set(path, doc)
      else walk(checker.getNonNullableType(checker.getTypeOfSymbol(option)), `${path}.`)
    }
  }
  if (declared !== undefined) walk(checker.getTypeAtLocation(declared), '')
  return docs
}

test.each([
  ['ConfigOptions', PLACED_KEYS],
  ['AppOptions', KNOWN_SETTINGS],
])('an editor shows what each of %s means', (name, table) => {
  const docs = documentedOptions(name)
  for (const { path } of table.values()) {
    expect([path, docs.get(path)]).toEqual([path, expect.stringMatching(/^[A-Z].*\.$/)])
  }
})

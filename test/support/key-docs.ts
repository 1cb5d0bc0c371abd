import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const FILE = join(__dirname, '../../src/config/keys.ts')

/** What the comment of a key says. */
export interface KeyDoc {
  /** Without the marks of code. */
  readonly sentence: string
  /** The tag `@default`: what hosts are shown. */
  readonly preset: string | undefined
}

/** The comments in the table of keys, by the key's path in it. */
export function readKeyDocs(): ReadonlyMap<string, KeyDoc> {
  const source = ts.createSourceFile(FILE, readFileSync(FILE, 'utf8'), ts.ScriptTarget.Latest, true)
  const docs = new Map<string, KeyDoc>()
  function walk(object: ts.ObjectLiteralExpression, prefix: string): void {
    for (const property of object.properties.filter(ts.isPropertyAssignment)) {
      const path = prefix + property.name.getText()
      const { initializer } = property
      if (ts.isObjectLiteralExpression(initializer)) walk(initializer, `${path}.`)
      else docs.set(path, docOf(property))
    }
  }
  for (const statement of source.statements.filter(ts.isVariableStatement)) {
    const [declared] = statement.declarationList.declarations
    const table = declared?.initializer
    if (table !== undefined && ts.isObjectLiteralExpression(table)) walk(table, '')
  }
  return docs
}

function docOf(property: ts.PropertyAssignment): KeyDoc {
  const [comment] = ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc)
  const preset = comment?.tags?.find(({ tagName }) => tagName.text === 'default')
  return {
    sentence: (ts.getTextOfJSDocComment(comment?.comment) ?? '').replaceAll('`', ''),
    preset: ts.getTextOfJSDocComment(preset?.comment),
  }
}

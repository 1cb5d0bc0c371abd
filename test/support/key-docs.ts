import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** What the comment of a key says. */
export interface KeyDoc {
  /** Without the marks of code. */
  readonly sentence: string
  /** The tag `@default`: what hosts are shown. */
  readonly preset: string | undefined
}

/** The comments in the table of keys or settings that a file of src/ holds, by their path in it. */
export function readKeyDocs(name: string): ReadonlyMap<string, KeyDoc> {
  const file = join(__dirname, '../../src', name)
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const docs = new Map<string, KeyDoc>()
  function walk(object: ts.ObjectLiteralExpression, prefix: string): void {
    for (const property of object.properties.filter(ts.isPropertyAssignment)) {
      const path = prefix + property.name.getText()
      const { initializer } = property
      const doc = docOf(property)
      if (doc !== undefined) docs.set(path, doc)
      else if (ts.isObjectLiteralExpression(initializer)) walk(initializer, `${path}.`)
    }
  }
  for (const statement of source.statements.filter(ts.isVariableStatement)) {
    const [declared] = statement.declarationList.declarations
    if (!/^(KEYS|SETTINGS)$/.test(String(declared?.name.getText()))) continue
    const held = declared?.initializer
    const table = held && ts.isSatisfiesExpression(held) ? held.expression : held
    if (table !== undefined && ts.isObjectLiteralExpression(table)) walk(table, '')
  }
  return docs
}

function docOf(property: ts.PropertyAssignment): KeyDoc | undefined {
  const [comment] = ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc)
  if (comment === undefined) return undefined
  const preset = comment.tags?.find(({ tagName }) => tagName.text === 'default')
  return {
    sentence: (ts.getTextOfJSDocComment(comment.comment) ?? '').replaceAll('`', ''),
    preset: ts.getTextOfJSDocComment(preset?.comment),
  }
}

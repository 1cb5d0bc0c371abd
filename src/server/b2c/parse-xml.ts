import type { Tag } from 'sax'

import { loadSax } from '../../late-packages'

/** An element, without what does not matter here: text beside elements, comments, namespaces. */
export interface Element {
  /** Without a prefix. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  readonly text: string
}

/** It is no well-formed XML; the message tells the line, and holds nothing of it. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

const MAX_DEPTH = 64

interface Open extends Element {
  readonly children: Element[]
  text: string
}

/**
 * Reads an XML document.
 *
 * @throws {XmlError}
 */
export function parseXml(document: string): Element {
  const root: Open = { name: '', attributes: {}, children: [], text: '' }
  const open: Open[] = [root]
  // It reads XML and nothing else: it knows no external entity, and expands none but the five of XML itself.
  const parser = loadSax().parser(true, { trim: true })
  const fail = (problem: string): never => {
    throw new XmlError(`line ${parser.line + 1}: ${problem}`)
  }
  parser.onerror = ({ message }) => fail((message.split('\n')[0] ?? '').replace(/\.$/, ''))
  parser.onopentag = (tag) => {
    const element = {
      name: localName(tag.name),
      attributes: attributesOf(tag),
      children: [],
      text: '',
    }
    if (open.push(element) > MAX_DEPTH) fail('elements lie in one another too deeply')
    open.at(-2)?.children.push(element)
  }
  parser.onclosetag = () => void open.pop()
  parser.ontext = parser.oncdata = (text) => {
    const element = open.at(-1)
    if (element !== undefined) element.text += text
  }
  parser.write(document.replace(/^\ufeff/, '')).close()
  const [top] = root.children
  return top ?? fail('there is no element in it')
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function attributesOf({ attributes }: { readonly attributes: object }): Tag['attributes'] {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, String(value)]),
  )
}

/** Every element of a name in a document, however deep, in its order. */
export function elementsOf(element: Element, name: string): readonly Element[] {
  const within = element.children.flatMap((child) => elementsOf(child, name))
  return element.name === name ? [element, ...within] : within
}

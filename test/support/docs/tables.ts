import { PLACED_KEYS } from '../../../src/config/key-names'
import { ERRORS } from '../../../src/errors'
import { readKeyDocs } from '../key-docs'
import { readPage } from './pages'

/**
 * docs/errors.md with status, message and fix of every error as src/errors.ts has them. What is written by hand below
 * them stays.
 */
export function errorsPage(): string {
  const [preface = '', ...sections] = readPage('docs/errors.md').split(/^## /m)
  const byHand = new Map(
    sections.map((section) => {
      const [heading = '', , , , , , ...rest] = section.split('\n')
      return [heading, rest.join('\n').trim()]
    }),
  )
  const told = Object.entries(ERRORS).map(([code, { status, message, advice }]) => {
    const heading = `\`${code}\``
    const parts = [
      `## ${heading}`,
      `**${status}** “${message}”`,
      cell(advice),
      byHand.get(heading) ?? '',
    ]
    return parts.filter((part) => part !== '').join('\n\n')
  })
  return `${[preface.trim(), ...told].join('\n\n')}\n`
}

/** docs/keys.md: every key of the configuration, from the table that reads it. */
export function keysPage(): string {
  const docs = readKeyDocs('config/keys.ts')
  const [preface = ''] = readPage('docs/keys.md').split(/^## /m)
  const areas = new Map<string, string[]>()
  for (const [name, { path }] of PLACED_KEYS) {
    const { sentence = '', preset } = docs.get(path) ?? {}
    const area = name.includes('.') ? name.slice(0, name.indexOf('.')) : 'The rest'
    const rows = areas.get(area) ?? []
    rows.push(
      `| \`${name}\` | \`${path}\` | ${preset === undefined ? '' : `\`${preset}\``} | ${cell(sentence)} |`,
    )
    areas.set(area, rows)
  }
  const tables = Array.from(areas, ([area, rows]) =>
    [
      `## ${area}`,
      '',
      '| key | in code | default | meaning |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
  )
  return `${[preface.trim(), ...tables.toSorted(byName)].join('\n\n')}\n`
}

function byName(one: string, other: string): number {
  return Number(one.startsWith('## The rest')) - Number(other.startsWith('## The rest'))
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

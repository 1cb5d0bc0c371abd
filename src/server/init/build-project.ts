import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Choices } from './choices'
import { packageJson } from './package-json'
import type { PackageManager } from './package-manager'

const TEMPLATES = join(__dirname, '../../../templates')
/** npm leaves files of these names out of what it publishes, or gives them another one. */
const DOTTED = new Map([
  ['gitignore', '.gitignore'],
  ['env.example', '.env.example'],
])
/** Values that stand in the templates, which run as they are. */
const SAMPLE = { app: /my-amazon-app/g, port: /\b3000\b/g, npm: /\bnpm (?=install|run)/g }

/**
 * Builds the files of a project.
 *
 * @returns Texts by path, with slashes.
 */
export function buildProject(
  name: string,
  choices: Choices,
  packageManager: PackageManager,
): ReadonlyMap<string, string> {
  const { lang, mode, app, port } = choices
  const files = new Map([
    ['package.json', `${JSON.stringify(packageJson(name, choices), null, 2)}\n`],
  ])
  for (const folder of ['shared', mode]) {
    for (const path of filesBelow(join(TEMPLATES, folder)).filter((file) => isOf(lang, file))) {
      const text = readFileSync(join(TEMPLATES, folder, path), 'utf8')
        .replace(SAMPLE.app, app)
        .replace(SAMPLE.port, String(port))
        .replace(SAMPLE.npm, `${packageManager} `)
      files.set(DOTTED.get(path) ?? path, text)
    }
  }
  return files
}

/** All that a project may have at its top. */
export function topNames(): readonly string[] {
  const templates = readdirSync(TEMPLATES).flatMap((folder) => readdirSync(join(TEMPLATES, folder)))
  return ['package.json', ...templates.map((name) => DOTTED.get(name) ?? name)]
}

/** By names alone: of files within an archive, as Yarn has them, entries tell another folder. */
function filesBelow(folder: string, path = ''): readonly string[] {
  return readdirSync(join(folder, path), { withFileTypes: true })
    .flatMap((entry) => {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      return entry.isDirectory() ? filesBelow(folder, below) : [below]
    })
    .sort()
}

/** Each source is there in both languages; what is served to browsers is JavaScript in either. */
function isOf(lang: Choices['lang'], path: string): boolean {
  if (path === 'tsconfig.json') return lang === 'ts'
  return path.startsWith('public/') || !/\.[jt]s$/.test(path) || path.endsWith(`.${lang}`)
}

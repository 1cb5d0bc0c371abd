// Writes what the site has beside the pages of docs/: the reference of the API of code (api/) and of HTTP, and the files
// that pages link to (files/). Both folders are made anew at each build.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { Application, Converter } from 'typedoc'

import { ROOT, writeLinkedFiles } from './linked-files.mjs'
import { writeHttpApi } from './write-http-api.mjs'

const API = join(ROOT, 'docs/api')
const FILES = join(ROOT, 'docs/files')

const OPTIONS = {
  tsconfig: join(ROOT, 'tsconfig.json'),
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
  router: 'member',
  out: API,
  docsRoot: join(ROOT, 'docs'),
  name: 'Reference of the code',
  readme: 'none',
  // The types are checked elsewhere.
  skipErrorChecking: true,
  excludeExternals: true,
  disableSources: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  logLevel: 'Warn',
}

for (const folder of [API, FILES]) rmSync(folder, { recursive: true, force: true })
console.log('Reading the types …')
await writeApi()
writeHttpApi(API)
console.log(`${writeLinkedFiles()} files beside docs/ are linked to, and have a page.`)

async function writeApi() {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const sources = Object.entries(exports).flatMap(([entry, target]) => {
    const source = /\.\/dist\/([^"]*)\.d\.ts/.exec(JSON.stringify(target))?.[1]
    // One entry declares a type of Express and exports nothing: docs/configuration.md tells of it.
    return source === undefined || entry === './express-user'
      ? []
      : [[source, entry.replace('.', name)]]
  })
  const app = await Application.bootstrapWithPlugins({
    ...OPTIONS,
    entryPoints: sources.map(([source]) => join(ROOT, 'src', `${source}.ts`)),
  })
  const entryOf = new Map(
    sources.map(([source, entry]) => [source.replace(/(.)\/index$/, '$1'), entry]),
  )
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? [])
      module.name = entryOf.get(module.name) ?? module.name
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('The sources could not be read.')
  await app.generateOutputs(project)
  mendAnchors()
}

/** Links to names such as `failing_since` lead to an anchor with a dash, where headings keep what stands between. */
function mendAnchors() {
  for (const name of readdirSync(API, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.md')) continue
    const page = join(API, name)
    const text = readFileSync(page, 'utf8')
    const mended = text.replace(
      /\[`(\w*_\w*)`\]\(([^)#]*)#[^)]*\)/g,
      (_, member, file) => `[\`${member}\`](${file}#${member.toLowerCase()})`,
    )
    if (mended !== text) writeFileSync(page, mended)
  }
}

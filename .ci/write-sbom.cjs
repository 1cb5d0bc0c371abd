// Writes what the package brings along, as CycloneDX, into artifacts/sbom.cdx.json: its dependencies, and Express, its peer.
// Optional peers (pg, redis and the like) are not in it: whoever wants one installs it beside the package.
const { execFileSync } = require('node:child_process')
const { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const FILE = 'artifacts/sbom.cdx.json'
const folder = mkdtempSync(join(tmpdir(), 'sbom-'))
// From the lock file: what of the optional packages fits this machine does not matter.
const npm = (...words) =>
  execFileSync('npm', [...words, '--package-lock-only'], { cwd: folder, encoding: 'utf8' })
try {
  // npm's --omit=dev leaves out whatever a development dependency needs, too: so none is there.
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  for (const root of [manifest, lock.packages['']]) delete root.devDependencies
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock))
  npm('install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund')
  const sbom = JSON.parse(npm('sbom', '--sbom-format=cyclonedx', '--sbom-type=library'))
  // npm gives it the name of the folder.
  sbom.metadata.component.name = manifest.name
  mkdirSync('artifacts', { recursive: true })
  writeFileSync(FILE, `${JSON.stringify(sbom, null, 2)}\n`)
  console.log(`${FILE}: ${sbom.components.length} packages`)
} finally {
  rmSync(folder, { recursive: true })
}

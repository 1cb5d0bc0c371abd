// Writes what the package brings along, as CycloneDX, into artifacts/sbom.cdx.json.
const { execFileSync } = require('node:child_process')
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')

const FILE = 'artifacts/sbom.cdx.json'
// From the lock file: what of the optional packages fits this machine does not matter.
const options = [
  '--sbom-format=cyclonedx',
  '--sbom-type=library',
  '--omit=dev',
  '--package-lock-only',
]
const sbom = JSON.parse(execFileSync('npm', ['sbom', ...options], { encoding: 'utf8' }))
// npm gives it the name of the folder.
sbom.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name
mkdirSync('artifacts', { recursive: true })
writeFileSync(FILE, `${JSON.stringify(sbom, null, 2)}\n`)
console.log(`${FILE}: ${sbom.components.length} packages`)

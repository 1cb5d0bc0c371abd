// A rule of Oxlint: what each folder of src may import. Imports go one way (docs/architecture.md), whatever their form.
import { dirname, relative, resolve, sep } from 'node:path'

const SRC = resolve(import.meta.dirname, '../../src')
const LEAVES = ['crypto', 'claims']

/** Each folder may import itself, files that lie in src itself, and what is listed. Others may import all. */
const DIRECTIONS = {
  claims: [],
  crypto: [],
  telemetry: [],
  amazon: [...LEAVES, 'telemetry'],
  apps: [...LEAVES, 'amazon'],
  users: [...LEAVES, 'amazon', 'apps'],
  bulk: [...LEAVES, 'users', 'audit'],
  'kept-tokens': [...LEAVES, 'amazon', 'apps'],
  sessions: [...LEAVES, 'apps', 'users'],
  tokens: [...LEAVES, 'apps', 'users'],
  devices: [...LEAVES, 'amazon', 'apps'],
  webhooks: [...LEAVES, 'apps', 'users'],
  stats: [],
  audit: [...LEAVES, 'stats'],
  events: [...LEAVES, 'users', 'audit'],
  metrics: [],
  pages: ['stats'],
  'request-auth': [...LEAVES, 'apps', 'users', 'tokens'],
  doctor: [...LEAVES, 'amazon', 'apps'],
  http: [
    ...LEAVES,
    ...['amazon', 'apps', 'users', 'bulk', 'kept-tokens', 'sessions', 'tokens', 'devices'],
    ...['webhooks', 'request-auth', 'audit', 'events', 'stats', 'metrics', 'telemetry', 'pages'],
    'doctor',
  ],
  store: [
    ...LEAVES,
    ...['telemetry', 'doctor', 'apps', 'users', 'bulk', 'kept-tokens', 'sessions', 'tokens'],
    ...['devices', 'webhooks', 'audit', 'stats'],
  ],
  'store-contract': [
    'store',
    'apps',
    'users',
    'audit',
    'stats',
    'devices',
    'kept-tokens',
    'webhooks',
  ],
  config: [...LEAVES, 'amazon', 'apps'],
  emulator: ['pages'],
  client: ['claims', 'apps', 'users', 'doctor', 'stats', 'webhooks'],
}

/** Within src/http: what all ways to sign in share knows none of them, and none knows another. */
const SIGN_IN_ROOMS = ['login', 'sign-in', 'sign-in-by-token', 'device']
const SIGN_IN_DIRECTIONS = {
  login: ['sign-in'],
  'sign-in-by-token': ['sign-in'],
  device: ['sign-in'],
  'sign-in': [],
  limits: [],
  session: [],
}

const PACKAGES = [
  {
    names: ['express', 'cookie-parser'],
    folders: ['http', 'emulator'],
    message: 'Express stays in src/http, src/emulator and src/server.',
  },
  {
    names: ['kysely', 'libsql', 'pg'],
    folders: ['store'],
    message: 'SQL stays in src/store; domain folders own interfaces.',
  },
  {
    names: ['redis', 'connect-redis', 'rate-limiter-flexible'],
    folders: ['store'],
    message: 'Redis stays in src/store; what may be shared is an interface.',
  },
]

const rule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const importer = context.filename
    const [folder] = placeOf(importer)
    if (DIRECTIONS[folder] === undefined) return {}
    const check = (source, isType) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return
      const message = source.value.startsWith('.')
        ? refuseFile(importer, resolve(dirname(importer), source.value), isType)
        : refusePackage(folder, source.value)
      if (message !== undefined) context.report({ node: source, message })
    }
    return {
      ImportDeclaration: (node) => check(node.source, isOfTypes(node, 'importKind')),
      ExportNamedDeclaration: (node) => check(node.source, isOfTypes(node, 'exportKind')),
      ExportAllDeclaration: (node) => check(node.source, isOfTypes(node, 'exportKind')),
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source, true),
      'CallExpression[callee.name="require"]': (node) => check(node.arguments[0], false),
    }
  },
}

/** Folders of src, from the outer to the inner, and the file. None for what lies elsewhere. */
function placeOf(file) {
  const path = relative(SRC, file) || 'index'
  return path.startsWith('..') ? [] : path.split(sep)
}

function isOfTypes(node, kind) {
  if (node[kind] === 'type') return true
  const specifiers = node.specifiers ?? []
  return specifiers.length > 0 && specifiers.every((specifier) => specifier[kind] === 'type')
}

function refuseFile(importer, imported, isType) {
  const [folder, room] = placeOf(importer)
  const [target, targetRoom] = placeOf(imported)
  if (folder !== target) return refuseFolder(folder, target, isType)
  const rooms = folder === 'http' ? SIGN_IN_DIRECTIONS[room] : undefined
  const isOther = room !== targetRoom && SIGN_IN_ROOMS.includes(targetRoom)
  if (rooms === undefined || !isOther || rooms.includes(targetRoom)) return undefined
  return `src/http/${room} may import ${rooms.join() || 'none'} of the rooms for signing in.`
}

function refuseFolder(folder, target, isType) {
  const allowed = DIRECTIONS[folder]
  if (FOLDERS.has(target) && !allowed.includes(target)) {
    return `src/${folder} may import only ${allowed.join(', ') || 'itself'}: imports go one way (docs/architecture.md).`
  }
  if (folder === 'client' && !isType) return 'The client takes types from the server, and no code.'
  return undefined
}
const FOLDERS = new Set([...Object.keys(DIRECTIONS), 'server', 'compose', 'index'])

function refusePackage(folder, name) {
  const isOf = (one) => name === one || name.startsWith(`${one}/`)
  return PACKAGES.find(({ names, folders }) => names.some(isOf) && !folders.includes(folder))
    ?.message
}

export default { meta: { name: 'project' }, rules: { 'import-directions': rule } }

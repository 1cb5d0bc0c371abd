import { KNOWN_SETTINGS } from '../../src/apps/known-settings'
import { PLACED_KEYS } from '../../src/config/key-names'
import { ENTRIES, PublicTypes, type ShownOption } from '../support/public-types'

/** All that people write options for, by what they import it from. */
const OPTIONS = {
  '.': [
    'AmazonAuthOptions',
    'ConfigOptions',
    'AppOptions',
    'Hooks',
    'MappedProfile',
    'ApiOptions',
    'HostMetrics',
    'DoctorOptions',
    'RequireUserOptions',
    'SignInOptions',
    'SignOutOptions',
    'SignInButtonOptions',
    'AccessTokenOptions',
  ],
  './client': [
    'ClientOptions',
    'DeviceSignInOptions',
    'VerifyWebhookOptions',
    'AppPageRequest',
    'DeliveryPageRequest',
    'DoctorRequest',
    'StatsRequest',
    'TryLinkRequest',
    'UserPageRequest',
    'UserPatch',
    'AppPatch',
  ],
  './emulator': [
    'EmulatorOptions',
    'EmulatorClient',
    'EmulatorDeviceClient',
    'EmulatorWebClient',
    'Person',
    'IssueCodeOptions',
    'IssueAccessTokenOptions',
    'WithdrawConsentOptions',
    'FaultRule',
  ],
  './amazon': ['AmazonClientOptions', 'LoginRequest'],
  './handler': ['AuthHandlerOptions', 'FetchFrom'],
}
const TYPES = Object.entries(OPTIONS).flatMap(([entry, names]) =>
  names.map((name) => [entry, name] as const),
)
/** A guard whose app is undefined must not let everybody in, and it says so when it is made. */
const REFUSES_UNDEFINED = 'RequireUserOptions'
const UNIT = /second|minute|byte|port|counted|at most|how many|from 1|devices|at one address/i

let types: PublicTypes
let options: ReadonlyMap<string, readonly ShownOption[]>
beforeAll(() => {
  types = new PublicTypes()
  options = types.optionsOf(TYPES)
}, 240_000)

const optionsOf = (name: string) => options.get(name) ?? []

/** Whoever keeps a store of their own writes it by the interfaces of `./store`, whose parts are named there as far as they go. */
const BY_INTERFACE = ['./store', './store-contract']
const NAMED = Array.from(ENTRIES.keys()).filter((entry) => !BY_INTERFACE.includes(entry))

test.each(NAMED)('every type that %s speaks of can be imported from it', (entry) => {
  // Hosts of a handler have the options, users and events of the middleware; a store of one's own has an entry for itself.
  const others = entry === './handler' ? ['.', './store'] : ['./store']
  expect(types.unnamedOf(entry, others)).toEqual([])
})

test.each(TYPES)(
  'of %s, an editor shows what each option of %s does, its default and its unit',
  (_entry, name) => {
    expect(optionsOf(name).length).toBeGreaterThan(0)
    const lacking = optionsOf(name).flatMap(({ path, help, isRequired, isNumber }) => [
      ...(/^[A-Z`].*[.?]/s.test(help) ? [] : [`${path}: no sentence`]),
      ...(isRequired || /default|Empty: /i.test(help) ? [] : [`${path}: no default`]),
      ...(!isNumber || UNIT.test(help) ? [] : [`${path}: no unit`]),
    ])
    expect(lacking).toEqual([])
  },
)

test.each(TYPES.filter(([, name]) => name !== REFUSES_UNDEFINED))(
  'of %s, each option of %s that may be left out may be undefined',
  (_entry, name) => {
    const strict = optionsOf(name).filter(
      ({ isRequired, takesUndefined }) => !isRequired && !takesUndefined,
    )
    expect(strict.map(({ path }) => path)).toEqual([])
  },
)

test('every key of the configuration is an option, and every setting one of an app', () => {
  const paths = (name: string) => optionsOf(name).map(({ path }) => path)
  const keys = Array.from(PLACED_KEYS.values(), ({ path }) => path)
  expect(paths('ConfigOptions')).toEqual(expect.arrayContaining(keys))
  const settings = Array.from(KNOWN_SETTINGS.values(), ({ path }) => path)
  expect(paths('AppOptions')).toEqual(expect.arrayContaining(settings))
})

test('an editor offers the names of settings and of events', () => {
  const [settings, events] = types.offeredAt([
    `import { createClient } from '${ENTRIES.get('./client') ?? ''}'`,
    `import { amazonAuth } from '${ENTRIES.get('.') ?? ''}'`,
    "void createClient({} as never).settings.put('|', null)",
    "amazonAuth().on('|', () => undefined)",
  ])
  expect(settings).toEqual(expect.arrayContaining([...KNOWN_SETTINGS.keys()]))
  expect(events).toEqual(expect.arrayContaining(['login', 'failure', 'settingsChanged']))
})

import type { SettingRemark } from './settings-in-force'

/** The two keys of Amazon, and what they are called where they were written. */
export interface WrittenKeys {
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** The client id of devices, and what it is called. */
  readonly device?: { readonly name: string; readonly clientId: string | undefined } | undefined
  /** Further client ids, and what they are called. */
  readonly further?: { readonly name: string; readonly clientIds: readonly string[] } | undefined
  readonly names: { readonly clientId: string; readonly clientSecret: string }
}

type Kind = 'client id' | 'client secret'
/** What is wrong, with its fix; follows the name of the key. `other` is the name of the other key. */
interface Mistake {
  readonly of: Kind | 'both'
  readonly looksLike: RegExp
  readonly problem: string
}

const CLIENT_ID = /^amzn1\.application-oa2-client\./i
const CLIENT_SECRET = /^(amzn1\.oa2-cs\.|[\da-f]{64}$)/i
const WHERE = 'of your Security Profile (Login with Amazon console, Web Settings)'

const WHITE_SPACE = 'holds white space: copy it once more, in one piece'
const SPACE_IN_LIST = 'holds white space: separate several by commas'

/** In this order: the first that fits is told. */
const MISTAKES: readonly Mistake[] = [
  {
    of: 'both',
    looksLike: /^[“”„‟‘’‚‛«»]|[“”„‟‘’‚‛«»]$/,
    problem: 'is in typographic quotes, which have become part of it: leave them out',
  },
  {
    of: 'both',
    looksLike: /^["'`]|["'`]$/,
    problem:
      'begins or ends with a quote, which has become part of it: quote it once, or not at all',
  },
  {
    of: 'both',
    looksLike: /[;,]$/,
    problem: 'ends with a semicolon or comma, which has become part of it: leave it out',
  },
  { of: 'both', looksLike: /\s/, problem: WHITE_SPACE },
  {
    of: 'both',
    looksLike:
      /^(undefined|null|none|true|false|todo|tbd|x{3,}|\*{3,}|\.{3}|…|(test|dummy|example|sample|foo|bar)$)|^[<[{(].*[>\]})]$|^\$\{?\w+\}?$|change[-_ ]?me|replace[-_ ]?me|(your|my)[-_ ](amazon|app|client|secret|az)|placeholder|(?:x{6,}|0{16,}|1{16,})$|0123456789abcdef/i,
    problem: `looks like a placeholder: put in what the console shows ${WHERE}`,
  },
  {
    of: 'client id',
    looksLike: /^amzn1\.application\./i,
    problem: `is the App ID: take the Client ID ${WHERE}, which begins with amzn1.application-oa2-client`,
  },
  {
    of: 'client id',
    looksLike: CLIENT_SECRET,
    problem: `looks like a Client Secret: take the Client ID ${WHERE}`,
  },
  {
    of: 'client secret',
    looksLike: /^amzn1\.application/i,
    problem: `looks like a Client ID: take the Client Secret ${WHERE}`,
  },
  ...[
    ['an Alexa skill', /^amzn1\.ask\./i],
    ['a Selling Partner application', /^amzn1\.sp\./i],
    ['an Amazon account', /^amzn1\.account\./i],
    ['a token of Amazon', /^Atz[a-z]\|/],
    ['AWS', /^(AKIA|ASIA)[A-Z0-9]{12,}$/],
    ['Google', /\.apps\.googleusercontent\.com$|^GOCSPX-/i],
    ['Microsoft', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i],
    ['GitHub', /^(Iv1\.|Ov23)\w+$/],
    ['Facebook', /^\d{15,16}$/],
    ['Slack', /^\d{9,}\.\d{9,}$/],
  ].map(([product, looksLike]) => ({
    of: 'both' as const,
    looksLike: looksLike as RegExp,
    problem: `looks like a key of another product (${String(product)}): take the one ${WHERE}`,
  })),
]

/**
 * What people get wrong when they type or paste the keys of Login with Amazon, with the fix. Only told, never refused:
 * Amazon may change the form of its keys any day.
 */
export function findKeyMistakes({
  clientId,
  clientSecret,
  device,
  further,
  names,
}: WrittenKeys): readonly SettingRemark[] {
  if (areSwapped(clientId, clientSecret)) {
    const problem = `and ${names.clientSecret} are swapped: put each in the place of the other`
    return [{ setting: names.clientId, problem }]
  }
  return [
    ...findMistake(names.clientId, 'client id', clientId),
    ...findMistake(names.clientSecret, 'client secret', clientSecret),
    ...findMistake(device?.name ?? '', 'client id', device?.clientId),
    ...findFurtherMistakes(further),
  ]
}

/** Each kind of mistake once. */
function findFurtherMistakes(further: WrittenKeys['further']): readonly SettingRemark[] {
  const { name, clientIds } = further ?? { name: '', clientIds: [] }
  const found = clientIds.flatMap((clientId) => findMistake(name, 'client id', clientId))
  const problems = new Set(found.map(({ problem }) => problem))
  return Array.from(problems, (problem) => ({
    setting: name,
    problem: `lists one that ${problem === WHITE_SPACE ? SPACE_IN_LIST : problem}`,
  }))
}

function findMistake(setting: string, kind: Kind, key = ''): readonly SettingRemark[] {
  const found = MISTAKES.find(
    ({ of, looksLike }) => (of === 'both' || of === kind) && looksLike.test(key.trim()),
  )
  return found === undefined ? [] : [{ setting, problem: found.problem }]
}

function areSwapped(clientId = '', clientSecret = ''): boolean {
  return CLIENT_SECRET.test(clientId.trim()) && CLIENT_ID.test(clientSecret.trim())
}

/** Forms of all keys that Amazon has given out so far, and of what a cut-off one begins with. */
const FORMS: readonly {
  readonly kind: Kind
  readonly name: string
  readonly whole: RegExp
  readonly begins: RegExp
  readonly digits: number
}[] = [
  {
    kind: 'client id',
    name: 'amzn1.application-oa2-client. and 32 hexadecimal digits',
    whole: /^amzn1\.application-oa2-client\.[\da-f]{32}$/i,
    begins: /^amzn1\.application-oa2-client\.([\da-f]*)$/i,
    digits: 32,
  },
  {
    kind: 'client secret',
    name: 'amzn1.oa2-cs.v1. and 64 hexadecimal digits',
    whole: /^amzn1\.oa2-cs\.v1\.[\da-f]{64}$/i,
    begins: /^amzn1\.oa2-cs\.v1\.([\da-f]*)$/i,
    digits: 64,
  },
  {
    kind: 'client secret',
    name: '64 hexadecimal digits',
    whole: /^[\da-f]{64}$/i,
    begins: /^([\da-f]{16,})$/i,
    digits: 64,
  },
]

/**
 * What is unlike any key that Amazon has given out so far. Not said at a start: Amazon may change the form of its keys any
 * day, and emulators have keys of their own.
 */
export function findUnusualForms({
  clientId,
  clientSecret,
  names,
}: WrittenKeys): readonly SettingRemark[] {
  return [
    ...findUnusualForm(names.clientId, 'client id', clientId),
    ...findUnusualForm(names.clientSecret, 'client secret', clientSecret),
  ]
}

function findUnusualForm(setting: string, kind: Kind, key = ''): readonly SettingRemark[] {
  const forms = FORMS.filter((form) => form.kind === kind)
  if (key === '' || forms.some(({ whole }) => whole.test(key))) return []
  const [cut] = forms.flatMap(({ begins, digits }) => {
    const held = begins.exec(key)?.[1]?.length
    return held === undefined ? [] : [`has ${held} hexadecimal digits at its end for ${digits}`]
  })
  const usual = `is not of the form that Amazon gives out (${forms.map(({ name }) => name).join(', or ')})`
  const problem = `${cut ?? usual}: copy it once more from Web Settings of your Security Profile (Login with Amazon console)`
  return [{ setting, problem }]
}

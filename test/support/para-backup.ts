import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import jwt from 'jsonwebtoken'
import { ZipFile } from 'yazl'

export type ParaFields = Readonly<Record<string, unknown>>

/** What Para puts into every object of a backup: its getters, whatever is not to be seen over the API among them. */
function paraObject(type: string, fields: ParaFields): ParaFields {
  return {
    timestamp: 1_600_000_000_000,
    type,
    parentid: null,
    creatorid: null,
    updated: 1_700_000_000_000,
    tags: null,
    votes: 0,
    version: 0,
    stored: true,
    indexed: true,
    cached: true,
    plural: `${type}s`,
    objectURI: `/${type}/${String(fields.id)}`,
    ...fields,
  }
}

/** An app, as the backup of Para's root app has it. */
export function paraApp(name: string, fields: ParaFields = {}): ParaFields {
  const secret = paraSecret(name)
  return paraObject('app', {
    id: `app:${name}`,
    appid: 'para',
    name,
    sharingIndex: name !== 'para',
    sharingTable: false,
    secret,
    readOnly: false,
    datatypes: {},
    validationConstraints: {},
    resourcePermissions: {},
    active: true,
    deleteOn: null,
    tokenValiditySec: 86_400,
    settings: {},
    appIdentifier: name,
    rootApp: name === 'para',
    credentials: { accessKey: `app:${name}`, secretKey: secret },
    ...fields,
  })
}

/** Of 56 characters, as Para makes them. */
export function paraSecret(name: string): string {
  return Buffer.from(`secret of the app ${name}`.padEnd(42, '.')).toString('base64')
}

export function paraUser(appid: string, number: number, fields: ParaFields = {}): ParaFields {
  return paraObject('user', {
    id: String(500_000_000_000_000_000n + BigInt(number)),
    appid,
    name: `User ${number}`,
    identifier: `az:amzn1.account.U${number}`,
    groups: 'users',
    active: true,
    twoFA: false,
    twoFAkey: null,
    twoFAbackupKeyHash: null,
    email: `user${number}@example.com`,
    currency: 'EUR',
    picture: `https://pictures.example.com/${number}`,
    tokenSecret: `token-secret-of-user-${number}-at-${appid}`,
    idpIdToken: null,
    idpAccessToken: null,
    idpRefreshToken: null,
    password: null,
    amazonUser: true,
    admin: false,
    moderator: false,
    identityProvider: 'amazon',
    ...fields,
  })
}

/** What leads from an identifier to a user. */
export function paraIdentifier(
  appid: string,
  identifier: string,
  userId: unknown,
  fields: ParaFields = {},
): ParaFields {
  return paraObject('sysprop', {
    id: identifier,
    appid,
    name: 'identifier',
    creatorid: userId,
    properties: { password: '$2a$12$planted.hash.of.a.password' },
    ...fields,
  })
}

const PAGE = 30

/** A backup as Para's server writes it: a list for each page of its store, and an empty one at the end. */
export async function writeParaBackup(
  file: string,
  app: string,
  objects: Iterable<ParaFields>,
): Promise<void> {
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream, createWriteStream(file))
  let part = 0
  for (const page of pagesOf(objects)) {
    part += 1
    const text = Readable.from([Buffer.from(JSON.stringify(page))])
    // As a stream, like Para: its size stands behind it.
    zip.addReadStream(text, `${app}_20261128_101500_part${part}.json`)
    if (part % PAGE === 0) await once(text, 'close')
  }
  zip.end()
  await written
}

function* pagesOf(objects: Iterable<ParaFields>): Generator<readonly ParaFields[]> {
  let page: ParaFields[] = []
  for (const object of objects) {
    page.push(object)
    if (page.length < PAGE) continue
    yield page
    page = []
  }
  yield page
  if (page.length > 0) yield []
}

/** A session token as Para makes it: its key is the app's secret and the user's. */
export function paraToken(app: string, user: ParaFields, more: ParaFields = {}): string {
  const now = Math.floor(Date.now() / 1000)
  return jwt.sign(
    {
      iat: now,
      nbf: now,
      exp: now + 3_600,
      refresh: Date.now() + 1_800_000,
      appid: `app:${app}`,
      sub: user.id,
      idp: 'amazon',
      ...more,
    },
    paraSecret(app) + String(user.tokenSecret),
    // Without a type, as Para has it.
    { algorithm: 'HS256', header: { alg: 'HS256', typ: undefined } },
  )
}

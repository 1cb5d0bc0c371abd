import { requestInvalid } from '../../errors'
import { parseLook, type ButtonLook, type ButtonOptions } from '../../pages/button/button-look'
import { chooseTexts } from '../choose-texts'
import type { Visit } from '../installation'
import { queryEntries, readParameters } from '../read-parameters'

/** What is asked of a button, before its app is known. */
export interface ButtonRequest {
  readonly appId: string | undefined
  readonly returnTo: string | undefined
  /** Where a sign-out ends, unchecked. */
  readonly signedOutTo: string | undefined
  /** @throws {AmazonAuthError} `request_invalid`: something of it cannot be used. */
  readonly look: () => ButtonLook
}

/** Options by their names in a query. */
const OPTIONS = {
  style: 'style',
  size: 'size',
  color: 'color',
  theme: 'theme',
  lang: 'lang',
  whenSignedIn: 'when_signed_in',
  className: 'class',
} as const satisfies Record<keyof ButtonOptions, string>

const MAX_CHARACTERS = {
  appid: 1024,
  returnto: 2048,
  signed_out_to: 2048,
  style: 32,
  size: 32,
  color: 32,
  theme: 32,
  lang: 64,
  when_signed_in: 32,
  class: 1024,
}

export function parseButtonRequest({ req }: Pick<Visit, 'req'>): ButtonRequest {
  const parameters = readParameters(req, MAX_CHARACTERS)
  const names = Object.entries(OPTIONS) as [
    keyof ButtonOptions,
    (typeof OPTIONS)[keyof ButtonOptions],
  ][]
  const asked = Object.fromEntries(names.map(([option, name]) => [option, parameters.get(name)]))
  return {
    appId: parameters.get('appid'),
    returnTo: parameters.get('returnto'),
    signedOutTo: parameters.get('signed_out_to'),
    look() {
      const { spoilt } = parameters
      if (spoilt !== undefined)
        throw requestInvalid(`The parameter ${spoilt} is there twice, or too long.`)
      refuseUnknown(req)
      return parseLook(asked, chooseTexts(req), (option, problem) =>
        requestInvalid(`The parameter ${OPTIONS[option]} ${problem}`),
      )
    },
  }
}

/** By which libraries keep answers from being cached: https://api.jquery.com/jQuery.ajax/ */
const CACHE_BUSTER = '_'

/** A misspelt one would otherwise just have no effect. */
function refuseUnknown(req: Visit['req']): void {
  const unknown = Array.from(queryEntries(req), ([name]) => name).find(
    (name) => !Object.hasOwn(MAX_CHARACTERS, name) && name !== CACHE_BUSTER,
  )
  if (unknown === undefined) return
  const named = /^\w{1,32}$/.test(unknown) ? `The parameter ${unknown}` : 'A parameter'
  const known = Object.keys(MAX_CHARACTERS).join(', ')
  throw requestInvalid(`${named} is not known. There are: ${known}.`)
}

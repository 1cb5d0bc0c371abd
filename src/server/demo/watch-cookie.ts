import type { RequestHandler } from 'express'

/** A cookie as it was sent, but for its value. */
export interface SentCookie {
  readonly name: string
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: string | undefined
  /** Time from now to its end, in milliseconds; undefined: it ends with the browser. */
  readonly lifeMs: number | undefined
}

/** Remembers how a cookie was sent last, to show it: browsers keep the flags to themselves. */
export function watchCookie(name: string): {
  readonly middleware: RequestHandler
  readonly last: () => SentCookie | undefined
} {
  let last: SentCookie | undefined
  return {
    middleware(_req, res, next) {
      res.once('finish', () => {
        const lines = [res.getHeader('set-cookie') ?? []].flat().map(String)
        const sent = lines.find((line) => line.startsWith(`${name}=`))
        if (sent !== undefined) last = parse(name, sent)
      })
      next()
    },
    last: () => last,
  }
}

function parse(name: string, line: string): SentCookie {
  const attributes = new Map(
    line
      .split(/; */)
      .slice(1)
      .map((attribute) => {
        const [key = '', value = ''] = attribute.split('=')
        return [key.toLowerCase(), value]
      }),
  )
  const expires = attributes.get('expires')
  return {
    name,
    httpOnly: attributes.has('httponly'),
    secure: attributes.has('secure'),
    sameSite: attributes.get('samesite'),
    lifeMs: expires === undefined ? undefined : Date.parse(expires) - Date.now(),
  }
}

import type { Router } from 'express'

import { loadExpress } from '../../load-express'
import { requestSource } from '../../http/request-source'

/** Where a press of the demo's button goes. */
export const OPERATORS_PATH = '/operators'
const PAGES = '/admin'

/**
 * Signs whoever presses the button of the demo's own page in to the pages for operators, by keys that are made for this
 * process and never leave it. Nothing of the kind belongs into a program that strangers reach.
 *
 * @param keys Of the root app.
 */
export function operators(
  origin: string,
  keys: { readonly accessKey: string; readonly secretKey: string },
): Router {
  const router = loadExpress().Router()
  router.post(OPERATORS_PATH, async (req, res) => {
    if (requestSource(req, origin) !== 'own') {
      res.status(403).type('text').send('Press the button of the demo’s own page.')
      return
    }
    const form = { access_key: keys.accessKey, secret_key: keys.secretKey }
    const answer = await fetch(`${origin}${PAGES}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
    res.append('Set-Cookie', answer.headers.getSetCookie())
    res.redirect(303, `${PAGES}/`)
  })
  return router
}

import type { Request } from 'express'

/** Whether the client is a script rather than a person: an Ajax call, a `fetch()`, or one that takes JSON and no HTML. */
export function wantsJson({ headers }: Pick<Request, 'headers'>): boolean {
  if (headers['x-requested-with']?.toString().toLowerCase() === 'xmlhttprequest') return true
  const accept = headers.accept?.toLowerCase() ?? ''
  const takesHtml = accept.includes('text/html')
  if (headers['sec-fetch-dest'] === 'empty') return isFetch(headers['sec-fetch-mode'], takesHtml)
  return accept.includes('application/json') && !takesHtml
}

/**
 * How browsers mark `fetch()` and XMLHttpRequest. What a service worker passes on for the person who has opened a page
 * is marked as a navigation, or, if it was made anew, as `same-origin` and still takes HTML.
 */
function isFetch(mode: string | string[] | undefined, takesHtml: boolean): boolean {
  return mode === 'cors' || mode === 'no-cors' || (mode === 'same-origin' && !takesHtml)
}

/** Whether it is a person who can be shown a page: a browser that asks for HTML, not curl, which takes anything. */
export function takesPage(req: Pick<Request, 'headers'>): boolean {
  return !wantsJson(req) && req.headers.accept?.toLowerCase().includes('text/html') === true
}

import { randomText } from '../../crypto/random'
import { TOKEN_FIELD } from '../../pages/admin/admin-layout'

const PAGE_BYTES = 9
const SEPARATOR = '.'

/** What the forms of one page carry: that of the session, which no other site knows, and what tells this page from others. */
export function newPageToken(formToken: string): string {
  return formToken + SEPARATOR + randomText(PAGE_BYTES)
}

/** That of the session, as a form has brought it. */
export function sessionTokenOf(form: URLSearchParams): string {
  return (form.get(TOKEN_FIELD) ?? '').split(SEPARATOR, 1)[0] ?? ''
}

/** Names the page that a form comes from; undefined: it says nothing of one. */
export function pageOf(form: URLSearchParams): string | undefined {
  return (form.get(TOKEN_FIELD) ?? '').split(SEPARATOR)[1]
}

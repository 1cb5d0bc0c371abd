/**
 * Keeps `<div id data-follow>` up to date with the page it is on, for as long as the server still says that it is to be followed.
 * Where it cannot, the page stays as it is, and has a link to look again.
 */
export const FOLLOW = `
const EVERY_MS = 1500
async function follow() {
  const shown = document.querySelector('[data-follow]')
  if (!shown) return
  try {
    const answer = await fetch(location.href, {
      headers: { 'X-Background': '1', Accept: 'text/html' }, redirect: 'error',
    })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const fresh = answer.ok && page.getElementById(shown.id)
    if (!fresh) return
    if (fresh.hasAttribute('data-follow')) {
      const [bar, now] = [shown, fresh].map((place) => place.querySelector('[data-live]'))
      if (bar && now) bar.replaceWith(now)
    } else shown.replaceWith(fresh)
  } catch { /* Once more. */ }
  setTimeout(follow, EVERY_MS)
}
setTimeout(follow, EVERY_MS)
`

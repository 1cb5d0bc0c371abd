/**
 * Puts sign-ins into the table as they come: by the switch that the page has, hidden without this script. The server sends
 * rows that are made as those of the page are; each is put where its time belongs, once.
 */
export const LIVE = `
const button = document.getElementById('live')
const body = document.querySelector('#sign-ins tbody')
const state = document.getElementById('live-state')
const MAX_ROWS = 200
const AGAIN_MS = 10000
let source, timer, isOn = false, count = 0, isPartial = false

function tell() {
  const { partial, count: text } = button.dataset
  state.textContent = (isPartial ? partial : text).replace('{count}', count)
}
function put({ id, at, html }) {
  if (body.querySelector('[data-id="' + CSS.escape(id) + '"]')) return
  const holder = document.createElement('template')
  holder.innerHTML = html
  const later = [...body.rows].find((row) => Number(row.dataset.at) <= at)
  body.insertBefore(holder.content, later ?? null)
  while (body.rows.length > MAX_ROWS) body.rows[body.rows.length - 1].remove()
  document.getElementById('nothing')?.remove()
  count += 1
}
function address() {
  const url = new URL(button.dataset.live, location.href)
  const newest = body.rows[0]
  if (newest) url.searchParams.set('after', newest.dataset.at + '-' + newest.dataset.id)
  return url
}
function start() {
  source = new EventSource(address())
  source.addEventListener('open', tell)
  source.addEventListener('sign_ins', (event) => {
    const told = JSON.parse(event.data)
    isPartial ||= told.isPartial
    for (const row of told.rows) put(row)
    tell()
  })
  source.addEventListener('trouble', () => { state.textContent = button.dataset.trouble })
  source.addEventListener('recovered', tell)
  source.addEventListener('ended', () => { stop(); state.textContent = button.dataset.ended })
  source.addEventListener('error', () => {
    state.textContent = button.dataset.lost
    if (source?.readyState !== EventSource.CLOSED) return
    timer = setTimeout(start, AGAIN_MS)
  })
}
function stop() {
  clearTimeout(timer)
  source?.close()
  source = undefined
  isOn = false
  button.textContent = button.dataset.off
  state.textContent = ''
}
if (button && window.EventSource) {
  button.hidden = false
  button.addEventListener('click', () => {
    if (isOn) { stop(); return }
    isOn = true
    button.textContent = button.dataset.on
    count = 0
    isPartial = false
    start()
  })
}
`

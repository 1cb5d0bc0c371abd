import { html } from './html'
import type { Page } from './page'
import { personal } from './personal'
import { plainPage } from './plain-page'
import { qrPicture } from './qr-code'
import type { Texts } from './texts/en'
import { fill } from './texts/fill'

/** A code that waits for a person. */
export interface ShownCode {
  readonly appName: string
  readonly userCode: string
  readonly verificationUri: string
  /** What the picture opens; default: the address without the code. */
  readonly verificationUriComplete?: string | undefined
  /** How long the code is good, in seconds: no date, as the clock of a screen may be wrong. */
  readonly leftSeconds: number
  /** How long the page waits before it asks how it stands. */
  readonly waitSeconds: number
  /** Whether it takes the place of one that has expired. */
  readonly isRenewed: boolean
}

/**
 * A page for a kiosk or TV: code, address and picture, and how long the code is good. It asks its own address how it stands,
 * and is loaded again when that has changed; without JavaScript, again and again.
 */
export function devicePage(code: ShownCode, texts: Texts): Page {
  const { appName, userCode, verificationUri, leftSeconds, waitSeconds, isRenewed } = code
  const { device } = texts
  const title = (app: string | ReturnType<typeof personal>) => fill(device.title, { app })
  const address = html`<bdi class="address" dir="ltr">${withoutScheme(verificationUri)}</bdi>`
  const time = html`<b id="left">${clock(leftSeconds)}</b>`
  const page = plainPage(
    texts,
    title(appName),
    html`<h1>${title(personal(appName))}</h1>
      <div id="device" data-left="${leftSeconds}" data-wait="${waitSeconds}">
        ${isRenewed ? html`<p role="status">${device.renewed}</p>` : undefined}
        <p>${fill(device.enter, { address })}</p>
        <p class="code" dir="ltr" data-testid="user-code">${userCode}</p>
        <div class="scan">
          <p>${device.scan}</p>
          ${qrPicture(code.verificationUriComplete ?? verificationUri, device.picture)}
        </div>
        <p>${fill(device.left, { time })}</p>
        <p>${device.goesOn}</p>
      </div>`,
  )
  return {
    ...page,
    styles: [...page.styles, STYLE],
    scripts: [SCRIPT],
    asksItself: true,
    refreshSeconds: waitSeconds,
  }
}

/** As people type it. */
function withoutScheme(address: string): string {
  return address.replace(/^https:\/\//i, '')
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** All of it grows with the screen, which people see from across a room; on one that is wide and low the picture moves aside. */
const STYLE = `
html { font-size: clamp(100%, 2.2vmin, 400%); }
body { font-size: 1rem; }
main { width: min(34rem, 100% - 2rem); text-align: center; }
.address { color: var(--ink); font-weight: 600; }
.code { margin: var(--space-4) 0; color: var(--ink); font: 700 clamp(2.25rem, 12vw, 4.5rem)/1.1 var(--mono); letter-spacing: .12em; }
.qr { display: block; width: min(14rem, 60vw); margin: var(--space-4) auto; border-radius: var(--radius); }
@media (max-height: 40rem) and (min-width: 48rem) {
  main { width: min(54rem, 100% - 2rem); }
  #device { display: grid; grid-template-columns: 1fr auto; column-gap: var(--space-6); align-content: center; }
  #device > * { grid-column: 1; }
  #device > .scan { grid-area: 1 / 2 / span 5; align-self: center; max-width: 16rem; }
}
`

/** Times are counted from when the page was loaded. What cannot be asked now is asked again: a screen waits for its server. */
const SCRIPT = `
(() => {
  const { dataset } = document.getElementById('device')
  const left = document.getElementById('left')
  const endsAtMs = performance.now() + Number(dataset.left) * 1000
  let waitMs = Number(dataset.wait) * 1000
  const show = () => {
    const seconds = Math.max(0, Math.ceil((endsAtMs - performance.now()) / 1000))
    left.textContent = Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0')
  }
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { headers: { accept: 'application/json' }, cache: 'no-store' })
      const { state, wait } = await answer.json()
      if (answer.ok && state !== 'pending') return location.reload()
      if (wait > 0) waitMs = wait * 1000
    } catch {}
    setTimeout(ask, waitMs)
  }
  setInterval(show, 1000)
  setTimeout(ask, waitMs)
})()
`

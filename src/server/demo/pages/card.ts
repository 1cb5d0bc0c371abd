import { signInButtonHtml } from '../../../pages/button/sign-in-button'
import { html, type Html } from '../../../pages/html'
import type { Shop } from '../shops'

export interface Card {
  readonly shop: Shop
  /** Decoration only. */
  readonly icon: Html
  /** Why the last sign-in failed. */
  readonly cause: string | undefined
  readonly content: Html
  /** JavaScript to paste. */
  readonly snippet: string
}

export function card({ shop, icon, cause, content, snippet }: Card): Html {
  const { id, name, motto, means } = shop
  const title = `${id}-name`
  return html`<section class="card ${id}" id="${id}" data-testid="${id}" aria-labelledby="${title}">
    <div class="sign">
      ${icon}
      <div>
        <h2 id="${title}">${name}</h2>
        <p class="soft">${motto}</p>
      </div>
      <span class="tag">${means}</span>
    </div>
    ${cause === undefined ? undefined : failure(cause)} ${content} ${paste(id, snippet)}
  </section>`
}

/** Our own plain button: Amazon's are for real sign-ins only. */
export function signInButton({ id }: Shop, text: string): Html {
  return html`<p class="soft">${text}</p>
    <p class="act" data-testid="${id}-sign-in">
      ${signInButtonHtml({ app: id, style: 'plain', className: 'button' })}
    </p>
    <p class="small soft">A stand-in for Amazon’s button. No real sign-in takes place.</p>`
}

export function signOutButton({ id }: Shop, action: string): Html {
  return html`<form method="post" action="${action}">
    <button class="button quiet" data-testid="${id}-sign-out">Sign out</button>
  </form>`
}

function failure(cause: string): Html {
  return html`<p class="notice alarm" role="alert" data-testid="cause">
    <b>The sign-in failed.</b> ${cause}
  </p>`
}

function paste(id: string, snippet: string): Html {
  const code = `${id}-code`
  return html`<details class="paste">
    <summary>The lines for your own app</summary>
    <p class="small soft">
      They run as they are while this demo does: save them as <code>app.js</code> beside an
      installed <code>express-amazon-auth</code>, start with <code>node app.js</code>, open
      <code>http://localhost:4000</code>.
    </p>
    <button class="button quiet small" type="button" data-copy="${code}" aria-live="polite" hidden>
      Copy
    </button>
    <pre tabindex="0" aria-label="Code"><code id="${code}">${snippet}</code></pre>
  </details>`
}

/** The page's only script: for the button above. Where it does not run, the buttons stay hidden. */
export const COPY_SCRIPT = `
for (const button of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const code = document.getElementById(button.dataset.copy).textContent
    await navigator.clipboard.writeText(code).then(
      () => { button.textContent = 'Copied' },
      () => { button.textContent = 'Could not copy: select the lines instead' },
    )
    setTimeout(() => { button.textContent = 'Copy' }, 2000)
  })
}
`

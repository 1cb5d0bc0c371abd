import { html, type Html } from '../../../pages/html'

export interface ShownPerson {
  readonly id: string
  readonly name: string
  readonly email: string
}

/** Who is signed in, with initials where a picture would have to be fetched. */
export function person({ id, name, email }: ShownPerson): Html {
  return html`<div class="person" data-testid="person">
    <span class="avatar" aria-hidden="true">${initialsOf(name)}</span>
    <p>
      <span class="soft small">Signed in as</span><br />
      <b>${name}</b><br />
      <span class="soft">${email}</span><br />
      <span class="soft small">user <code>${id}</code></span>
    </p>
  </div>`
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  const ends = [words.at(0), words.length > 1 ? words.at(-1) : undefined]
  return ends.map((word) => Array.from(word ?? '')[0] ?? '').join('')
}

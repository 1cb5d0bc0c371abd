import { signInButton } from 'express-amazon-auth'

interface Home {
  app: string
  /** Undefined: nobody is signed in. */
  name: string | undefined
  hasFailed: boolean
}

export function homePage({ app, name, hasFailed }: Home): string {
  // The reason in the address is not shown: anybody can write a link with a text of their own in it.
  const failure = hasFailed ? '<p role="alert">Signing in did not work. Please try again.</p>' : ''
  const who =
    name === undefined
      ? signInButton({ app })
      : `<p>Hello ${escape(name)}. <a href="/account">Your account</a></p>`
  return page('Welcome', failure + who)
}

export function accountPage(user: { app: string; name: string; email: string }): string {
  const signOut = signInButton({ app: user.app, isSignedIn: true, whenSignedIn: 'sign_out' })
  return page('Your account', `<p>${escape(user.name)}, ${escape(user.email)}</p>${signOut}`)
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>${title}</title>
  <h1>${title}</h1>
  ${body}
</html>`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

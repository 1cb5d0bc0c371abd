import { signInButton } from 'express-amazon-auth'

export function homePage({ app, name, hasFailed }) {
  // The reason in the address is not shown: anybody can write a link with a text of their own in it.
  const failure = hasFailed ? '<p role="alert">Signing in did not work. Please try again.</p>' : ''
  const who =
    name === undefined
      ? signInButton({ app })
      : `<p>Hello ${escape(name)}. <a href="/account">Your account</a></p>`
  return page('Welcome', failure + who)
}

export function accountPage(user) {
  const signOut = signInButton({ app: user.app, isSignedIn: true, whenSignedIn: 'sign_out' })
  return page('Your account', `<p>${escape(user.name)}, ${escape(user.email)}</p>${signOut}`)
}

function page(title, body) {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>${title}</title>
  <h1>${title}</h1>
  ${body}
</html>`
}

function escape(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

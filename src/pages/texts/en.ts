/**
 * All that the built-in pages say. This catalogue is the source: every other one has the same keys, and the same names in
 * braces, which `fill` puts something in for.
 */
export const EN = {
  /** Tag of the language (BCP 47). */
  lang: 'en',
  /** Direction of its script, `ltr` or `rtl`. */
  dir: 'ltr',
  signIn: 'Sign in with Amazon',
  signedIn: 'Signed in',
  signedInAs: 'Signed in as {name} to {app}.',
  notSignedIn: 'Not signed in',
  signInElsewhere:
    'To sign in, open the page of the app that you want to use and sign in from there.',
  forOperators: 'Do you run this service?',
  toOperators: 'Pages for operators',
  makeApp: 'Make an app: {command}.',
  openApp: 'Its people sign in at {address}.',
  signOut: 'Sign out',
  signOutAsked: 'Do you want to sign out?',
  signOutEverywhereAsked: 'Do you want to sign out on all your devices?',
  signOutFailed: 'You could not be signed out',
  failed: 'You are not signed in',
  failedTo: 'You are not signed in to {app}',
  tryAgain: 'Try again',
  tryLater: 'Please try again in a moment.',
  startAgain: 'Go back to where you came from and try again.',
  notFound: 'There is no such page',
  checkAddress: 'Check the address, or go back to where you came from.',
  wentWrong: 'Something went wrong',
  /** For signing in by a code, on a screen without a keyboard. `{time}` is minutes and seconds, e.g. 9:30. */
  device: {
    title: 'Sign in to {app}',
    enter: 'On your phone or computer, open {address} and enter this code:',
    scan: 'Or open the address with the camera of your phone:',
    picture: 'Picture (QR code) of the address',
    left: 'The code is good for another {time} minutes.',
    goesOn: 'When you have allowed it, this page goes on by itself.',
    renewed: 'The code before has expired: this is a new one.',
  },
  /** A sign-in that is only tried. What it shows is for those who run the service: names of fields and steps are not translated. */
  trial: {
    title: 'Try the sign-in to {app}',
    about:
      'This is a real sign-in with Amazon, but it signs nobody in and stores nothing. At its end a page shows each step, what Amazon has sent, and what would be made of it.',
    left: 'Minutes that this link is still good: {minutes}.',
    begin: 'Begin',
    over: 'This link is not good any more',
    askNew:
      'Links to try a sign-in are good for ten minutes. Ask those who gave it to you for a new one.',
    works: 'The sign-in to {app} works',
    fails: 'The sign-in to {app} fails',
    nothing: 'It was only tried: nobody is signed in, and nothing was stored.',
    why: 'Why',
    steps: 'Steps',
    asked: 'What Amazon was asked',
    received: 'What Amazon sent',
    profile: 'The profile at Amazon',
    read: 'What the claims make of it',
    mapped: 'What the host makes of it',
    user: 'The user',
    isNew: 'A new user would be made.',
    isKnown: 'The user is known, and would stay as it is.',
    changes: 'The user is known. These fields would change: {fields}.',
    idToken: 'What an ID token would say',
    sessionToken: 'What the session token would say',
    target: 'Where the browser would go',
    session: 'It would be signed in by a session cookie.',
    token: 'The address would carry a token.',
    noToken: 'The address would carry no token.',
    toGuide: 'Back to the set-up guide',
  },
  /** Why a sign-in failed. */
  failures: {
    refused: 'The sign-in was not accepted.',
    denied: 'You did not allow Amazon to tell who you are, so nothing was signed in.',
    late: 'This sign-in took too long, or was begun in another browser or window. Please begin again.',
    incomplete: 'The address that was opened is no complete sign-in. Please begin again.',
    notSetUp:
      'Signing in with Amazon is not set up correctly here. Those who run this service can mend that.',
    amazonBusy: 'Amazon could not be reached or has too much to do. Please try again in a moment.',
    ours: 'This service cannot sign you in right now. Please try again in a moment.',
    tooMany: 'Too many attempts. Please try again in a minute.',
  },
}

export type Texts = typeof EN

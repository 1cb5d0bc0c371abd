/** The page by which operators sign in. */
export const SIGN_IN = {
  title: 'Sign in as an operator',
  about:
    'With the keys of the root app you see every app, with those of another app that app alone. They are traded for a session of this browser, and are not kept.',
  accessKey: 'Access key',
  accessKeyHelp: 'For instance app:{app}',
  secretKey: 'Secret key',
  signIn: 'Sign in',
  refused: 'These are not the keys of an app that is switched on.',
  noCookies:
    'This page gave your browser a cookie that did not come back, so you could not stay signed in. Allow cookies, open the page at the address that the server has (by https, where that is https), and let proxies in between pass cookies on.',
  tooMany: 'Too many keys were refused. Seconds to wait: {seconds}.',
  byAmazon: 'Or by your account at Amazon',
  byAmazonSignIn: 'Sign in with Amazon',
  goOn: 'Go on as {name}',
  notListed:
    'You are signed in as {name}, who is no operator. To make them one, put {identifier} into admin.identifiers of the configuration.',
  signedOut: 'You are signed out.',
}

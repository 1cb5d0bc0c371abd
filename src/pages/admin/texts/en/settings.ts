/** The form of an app's settings. */
export const SETTINGS = {
  title: 'Settings',
  about:
    'What is stored here wins over the configuration of the server. An empty field stores nothing: then what lies beneath it is in force. A change is in force at the next sign-in, on every server within two seconds.',
  groupKeys: 'Keys at Amazon',
  groupTargets: 'Where people go',
  groupSafety: 'Safety',
  groupAmazon: 'What is asked of Amazon',
  groupTokens: 'Users and tokens',
  groupOthers: 'Without a meaning here',
  othersAbout:
    'The app may keep any other settings too, as JSON or plain text. This server makes nothing of them.',
  add: 'One more setting',
  addName: 'Name',
  addValue: 'Value, as JSON or plain text',
  notStored: 'Not stored',
  inForce: 'In force: {value}, as it is stored here.',
  inForceApp: 'In force: {value}, from the configuration of this app ({origin}).',
  inForceAll: 'In force: {value}, from the configuration for all apps ({origin}).',
  inForceDefault: 'In force: {value}, the default.',
  nothingInForce: 'Nothing is in force.',
  beneathApp: 'Without it: {value}, from the configuration of this app ({origin}).',
  beneathAll: 'Without it: {value}, from the configuration for all apps ({origin}).',
  beneathDefault: 'Without it: {value}, the default.',
  beneathNothing: 'Without it nothing is in force.',
  configuration: 'on the server',
  secretSet: 'set',
  secretNew: 'Leave it empty to keep what is stored; that is never shown.',
  secretFirst: 'The value is never shown again.',
  secretRemove: 'Remove what is stored',
  secretBoth: 'Give a new value, or remove what is stored: not both.',
  secretAgain: 'Secrets are not kept in the page: give it once more.',
  unreadable:
    'No master key of this server opens what is stored, so nobody can sign in to this app. Replace it or remove it, or give the server the key it was sealed with.',
  json: 'This has to be JSON.',
  nameTaken: 'There is a setting of this name already: change it above.',
  nameMissing: 'Give the setting a name.',
  problems: 'Nothing was saved. Fields to correct: {count}.',
  conflict:
    'Nothing was saved: somebody else has changed what is marked below since you opened this page. Save again to put yours in its place.',
  conflictNow: 'Changed meanwhile. What is stored now: {value}',
  conflictGone: 'Changed meanwhile. Nothing is stored any more.',
  partly:
    'Saved, but for what is marked below: somebody else has changed that in the same moment. Save again to put yours in its place.',
  saved: 'Saved. Settings changed: {count}.',
  nothing: 'Nothing was changed.',
  remark: 'Note',
  danger: 'Switch off or delete this app',
  /** What settings are called, by their names. */
  names: {
    az_app_id: 'Client id',
    az_secret: 'Client secret',
    az_client_ids: 'Further client ids',
    az_device_app_id: 'Client id for devices',
    az_device_secret: 'Client secret for devices',
    signin_success: 'After signing in',
    signin_failure: 'After a sign-in that failed',
    public_url: 'Public address',
    'security.app_schemes': 'Schemes of mobile apps',
    'security.hosturl_aliases': 'Further front ends',
    'security.strict': 'Every safer choice on',
    'security.link_by_email': 'Known emails take over users',
    'amazon.region': 'Region of Amazon',
    'amazon.scope': 'Scopes',
    'amazon.voluntary_scope': 'Voluntary scopes',
    'amazon.keep_tokens': "Keep Amazon's tokens",
    'amazon.on_revoked': 'When consent is withdrawn',
    claims: 'Claims',
    session_timeout: 'Life of a session token',
    one_session_per_user: 'One session a user',
    app_secret_key: 'Key of its back end',
  },
  /** What they do, by their names. */
  help: {
    az_app_id:
      "The client id of the app's Security Profile, from the Login with Amazon console (amzn1.application-oa2-client. and so on). It needs the client secret too.",
    az_secret: 'The client secret that belongs to the client id, from the same place.',
    az_client_ids:
      'Client ids that the Android and iOS apps of the same Security Profile have, comma-separated: their access tokens sign in here too.',
    az_device_app_id:
      'Amazon gives TVs and other devices a client id of their own. Empty: the client id above.',
    az_device_secret: 'A secret that belongs to it. Amazon gives devices none, as a rule.',
    signin_success:
      'A path or an address. jwt=id in it becomes a token that is good for a minute, jwt=? a session token; without either the browser gets a session.',
    signin_failure: 'A path or an address. cause=? in it becomes the reason.',
    public_url:
      'The address under which browsers reach this server for this app, such as https://auth.example.com. The return address begins with it.',
    'security.app_schemes':
      'Schemes that the two addresses above may lead to, comma-separated: myapp for myapp://signed-in.',
    'security.hosturl_aliases':
      'Origins of further front ends, comma-separated, such as https://m.example.com: a sign-in may ask to end on one of them.',
    'security.strict':
      'Tokens and signed changes are good for one use, a sign-in needs its own cookie, and more: safer, and narrower than what Para does.',
    'security.link_by_email':
      'A new account at Amazon with the email of a known user becomes that user, as in Para. Whoever gets hold of an old email gets the user.',
    'amazon.region':
      'Where the people of this app have their accounts: na (North America), eu (Europe) or fe (Far East).',
    'amazon.scope': 'What the app asks Amazon for, separated by spaces: profile, postal_code.',
    'amazon.voluntary_scope':
      "What it asks for besides, and people may leave out on Amazon's page.",
    'amazon.keep_tokens':
      "Amazon's tokens of users are kept, sealed, and refreshed, so that the app can call Amazon for them. Switching it off removes those that are kept.",
    'amazon.on_revoked':
      'keep changes nothing; sign_out ends the sessions and tokens of a user who has withdrawn the consent at Amazon.',
    claims:
      'Where fields of users and claims of ID tokens come from, as a JSON object such as {"displayName": "name"}.',
    session_timeout: 'Seconds, or text such as 12 hours.',
    one_session_per_user: "A new session token ends the user's older ones.",
    app_secret_key:
      "Signs the tokens by which the app's own back end signs people in. At least 32 characters.",
  },
}

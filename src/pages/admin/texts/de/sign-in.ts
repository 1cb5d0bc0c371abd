import type { AdminTexts } from '../en'

export const SIGN_IN: AdminTexts['signIn'] = {
  title: 'Als Betreiber anmelden',
  about:
    'Mit den Schlüsseln der Root-App sehen Sie alle Apps, mit denen einer anderen App nur diese. Die Schlüssel werden gegen eine Sitzung dieses Browsers getauscht und nicht gespeichert.',
  accessKey: 'Zugriffsschlüssel',
  accessKeyHelp: 'Zum Beispiel app:{app}',
  secretKey: 'Geheimer Schlüssel',
  signIn: 'Anmelden',
  refused: 'Das sind nicht die Schlüssel einer eingeschalteten App.',
  noCookies:
    'Diese Seite hat Ihrem Browser ein Cookie gegeben, das nicht zurückkam; Sie könnten also nicht angemeldet bleiben. Erlauben Sie Cookies, öffnen Sie die Seite unter der Adresse, die der Server hat (mit https, wenn sie https hat), und lassen Sie Proxys dazwischen Cookies weitergeben.',
  tooMany: 'Zu viele Schlüssel wurden abgelehnt. Sekunden bis zum nächsten Versuch: {seconds}.',
  byAmazon: 'Oder mit Ihrem Amazon-Konto',
  byAmazonSignIn: 'Mit Amazon anmelden',
  goOn: 'Weiter als {name}',
  notListed:
    'Sie sind als {name} angemeldet, aber nicht als Betreiber eingetragen. Um dieses Konto einzutragen, nehmen Sie {identifier} in der Konfiguration in admin.identifiers auf.',
  signedOut: 'Sie sind abgemeldet.',
}

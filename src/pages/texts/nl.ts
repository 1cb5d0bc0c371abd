import type { Texts } from './en'

export const NL = {
  lang: 'nl',
  dir: 'ltr',
  signIn: 'Inloggen met Amazon',
  signedIn: 'Ingelogd',
  signedInAs: 'Ingelogd als {name} bij {app}.',
  notSignedIn: 'Niet ingelogd',
  signInElsewhere:
    'Om in te loggen opent u de pagina van de app die u wilt gebruiken en logt u daar in.',
  forOperators: 'Beheert u deze dienst?',
  makeApp: 'Maak een app aan: {command}.',
  openApp: 'Gebruikers van de app loggen in op {address}.',
  signOut: 'Uitloggen',
  signOutAsked: 'Wilt u uitloggen?',
  signOutEverywhereAsked: 'Wilt u uitloggen op al uw apparaten?',
  signOutFailed: 'Het uitloggen is niet gelukt',
  failed: 'U bent niet ingelogd',
  failedTo: 'U bent niet ingelogd bij {app}',
  tryAgain: 'Opnieuw proberen',
  tryLater: 'Probeer het over een ogenblik opnieuw.',
  startAgain: 'Ga terug naar de vorige pagina en probeer het opnieuw.',
  notFound: 'Deze pagina bestaat niet',
  checkAddress: 'Controleer het adres of ga terug naar de vorige pagina.',
  wentWrong: 'Er is iets misgegaan',
  failures: {
    refused: 'De inlogpoging is niet geaccepteerd.',
    denied: 'U hebt Amazon niet toegestaan door te geven wie u bent. Daarom bent u niet ingelogd.',
    late: 'Het inloggen heeft te lang geduurd of is in een andere browser of een ander venster begonnen. Begin opnieuw.',
    incomplete: 'Het geopende adres hoort niet bij een volledige inlogpoging. Begin opnieuw.',
    notSetUp:
      'Inloggen met Amazon is hier niet goed ingesteld. Alleen de beheerder van deze dienst kan dat verhelpen.',
    amazonBusy: 'Amazon is niet bereikbaar of overbelast. Probeer het over een ogenblik opnieuw.',
    ours: 'Deze dienst kan u op dit moment niet inloggen. Probeer het over een ogenblik opnieuw.',
    tooMany: 'Te veel pogingen. Probeer het over een minuut opnieuw.',
  },
} satisfies Texts

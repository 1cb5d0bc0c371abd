import type { Texts } from './en'

export const DE = {
  lang: 'de',
  dir: 'ltr',
  signIn: 'Mit Amazon anmelden',
  signedIn: 'Angemeldet',
  signedInAs: 'Angemeldet als {name} bei {app}.',
  notSignedIn: 'Nicht angemeldet',
  signInElsewhere:
    'Um sich anzumelden, öffnen Sie die Seite der App, die Sie nutzen möchten, und melden Sie sich dort an.',
  forOperators: 'Betreiben Sie diesen Dienst?',
  makeApp: 'Legen Sie eine App an: {command}.',
  openApp: 'Anmelden kann man sich bei ihr unter {address}.',
  signOut: 'Abmelden',
  signOutAsked: 'Möchten Sie sich abmelden?',
  signOutEverywhereAsked: 'Möchten Sie sich auf allen Ihren Geräten abmelden?',
  signOutFailed: 'Sie konnten nicht abgemeldet werden',
  failed: 'Sie sind nicht angemeldet',
  failedTo: 'Sie sind nicht bei {app} angemeldet',
  tryAgain: 'Erneut versuchen',
  tryLater: 'Bitte versuchen Sie es gleich noch einmal.',
  startAgain: 'Kehren Sie zur vorherigen Seite zurück und versuchen Sie es erneut.',
  notFound: 'Diese Seite gibt es nicht',
  checkAddress: 'Prüfen Sie die Adresse, oder kehren Sie zur vorherigen Seite zurück.',
  wentWrong: 'Etwas ist schiefgelaufen',
  device: {
    title: 'Bei {app} anmelden',
    enter: 'Öffnen Sie auf Ihrem Telefon oder Computer {address} und geben Sie diesen Code ein:',
    scan: 'Oder öffnen Sie die Adresse mit der Kamera Ihres Telefons:',
    picture: 'Bild (QR-Code) der Adresse',
    left: 'Der Code gilt noch {time} Minuten.',
    goesOn: 'Sobald Sie zugestimmt haben, geht es auf dieser Seite von selbst weiter.',
    renewed: 'Der vorige Code ist abgelaufen: Das ist ein neuer.',
  },
  failures: {
    refused: 'Die Anmeldung wurde nicht akzeptiert.',
    denied:
      'Sie haben Amazon nicht erlaubt mitzuteilen, wer Sie sind. Deshalb wurden Sie nicht angemeldet.',
    late: 'Diese Anmeldung hat zu lange gedauert oder wurde in einem anderen Browser oder Fenster begonnen. Bitte beginnen Sie noch einmal.',
    incomplete:
      'Die geöffnete Adresse gehört zu keiner vollständigen Anmeldung. Bitte beginnen Sie noch einmal.',
    notSetUp:
      'Die Anmeldung mit Amazon ist hier nicht richtig eingerichtet. Beheben kann das nur, wer diesen Dienst betreibt.',
    amazonBusy:
      'Amazon ist nicht erreichbar oder überlastet. Bitte versuchen Sie es gleich noch einmal.',
    ours: 'Dieser Dienst kann Sie gerade nicht anmelden. Bitte versuchen Sie es gleich noch einmal.',
    tooMany: 'Zu viele Versuche. Bitte versuchen Sie es in einer Minute noch einmal.',
  },
} satisfies Texts

import type { AdminTexts } from '../en'

export const COMMON: AdminTexts['common'] = {
  title: 'Betreiber',
  skip: 'Zum Inhalt springen',
  sections: 'Bereiche',
  pages: 'Seiten dieser App',
  overview: 'Übersicht',
  apps: 'Apps',
  signIns: 'Anmeldungen',
  changes: 'Änderungen',
  users: 'Nutzer',
  webhooks: 'Webhooks',
  settings: 'Einstellungen',
  keys: 'Schlüssel',
  setUp: 'Einrichtung',
  doctor: 'Diagnose',
  operator: 'Angemeldet als {name}',
  signOut: 'Abmelden',
  goOn: 'Weiter',
  save: 'Speichern',
  cancel: 'Abbrechen',
  back: 'Zurück',
  search: 'Suchen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  next: 'Nächste Seite',
  previous: 'Vorherige Seite',
  first: 'Erste Seite',
  yes: 'Ja',
  no: 'Nein',
  on: 'Ein',
  off: 'Aus',
  none: 'Keine',
  never: 'Nie',
  utc: 'Alle Zeiten in UTC.',
  problem: 'Das hat nicht geklappt',
  notFound: 'Diese Seite gibt es hier nicht',
  notFoundWhy:
    'Prüfen Sie die Adresse. Auch Seiten von Apps, die Sie nicht sehen dürfen, gibt es für Sie nicht.',
  expired:
    'Ihre Sitzung ist beendet. Es wurde nichts geändert: Melden Sie sich an und senden Sie das Formular erneut.',
  sentAlready:
    'Dieses Formular wurde bereits gesendet und wird nicht zweimal angenommen. Laden Sie die Seite neu, um zu sehen, was daraus wurde.',
  tooManyDownloads:
    'Zwei Downloads dieser Sitzung laufen bereits. Lassen Sie zuerst einen davon enden.',
  tooManyDownloadsOfAll:
    'Auf diesem Server laufen bereits zu viele Downloads. Versuchen Sie es gleich noch einmal.',
  notNow: 'Das ist im Moment nicht möglich. Versuchen Sie es gleich noch einmal.',
  unsure:
    'Der Server konnte das nicht oder nicht ganz ausführen. Ob etwas geändert wurde, ist nicht bekannt: Öffnen Sie die Seite neu und sehen Sie nach, bevor Sie es noch einmal senden.',
  openAgain: 'Die Seite neu öffnen',
  foreignForm:
    'Das Formular stammt nicht von diesen Seiten oder ist zu alt. Es wurde nichts geändert: Laden Sie die Seite neu und senden Sie es noch einmal.',
  notKept: 'Wird hier nicht aufbewahrt',
  noTrail:
    'Der Speicher dieses Hosts führt kein Audit-Protokoll, das hier gezeigt werden könnte. Anmeldungen und Änderungen stehen im Log.',
  noFigures:
    'Der Speicher dieses Hosts bewahrt keine Zahlen zu Anmeldungen auf, daher gibt es keine Diagramme.',
  noWebhooks:
    'Der Speicher dieses Hosts bewahrt keine Webhooks auf, daher können Apps keine haben.',
  noBulk:
    'Der Speicher dieses Hosts kennt keine Änderungen vieler Nutzer: Sie werden einzeln geändert.',
  lacksPart: 'Ihm fehlt der Teil {part}: siehe docs/stores.md.',
}

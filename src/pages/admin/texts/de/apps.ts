import type { AdminTexts } from '../en'

export const APPS: AdminTexts['apps'] = {
  title: 'Apps',
  searchFor: 'ID oder Name beginnt mit',
  total: 'Apps: {count}',
  totalFound:
    'Gefundene Apps: {count}. Eine Suche findet höchstens tausend über die ID und ebenso viele über den Namen.',
  caption: 'Apps nach ID',
  id: 'ID',
  name: 'Name',
  state: 'Status',
  created: 'Angelegt',
  on: 'Ein',
  off: 'Aus',
  root: 'Root-App',
  none: 'Es gibt noch keine App.',
  noneFound: 'Keine ID und kein Name beginnt damit.',
  create: 'App anlegen',
  newId: 'ID',
  newIdHelp:
    'Buchstaben, Ziffern, Bindestrich, Unterstrich und Punkt. Sie steht in Adressen und ändert sich nie.',
  newIdCleaned:
    'Von einem Namen bleiben nur Buchstaben, Ziffern, Bindestrich, Unterstrich und Punkt. Hier wäre das: {id}',
  newIdInvalid: 'Eine ID hat 1 bis 128 Buchstaben, Ziffern, Bindestriche, Unterstriche und Punkte.',
  newIdTaken: 'Eine App mit dieser ID gibt es schon, oder sie wird gerade noch gelöscht.',
  newName: 'Anzeigename',
  newNameHelp: 'Wenn leer: die ID.',
  newKeys: 'Diese Angaben können Sie jetzt machen oder später in der Einrichtung.',
  createdTitle: 'Die App wurde angelegt',
  createdKeys: 'Die App {app} wurde angelegt. Das sind ihre Schlüssel.',
  keysOnce:
    'Der geheime Schlüssel wird nur dieses eine Mal angezeigt und nur verschlüsselt gespeichert. Kopieren Sie ihn jetzt: Geht er verloren, erzeugen Sie einen neuen.',
  accessKey: 'Zugriffsschlüssel',
  secretKey: 'Geheimer Schlüssel',
  copyAccess: 'Zugriffsschlüssel kopieren',
  copySecret: 'Geheimen Schlüssel kopieren',
  goOnToSetUp: 'Weiter zur Einrichtung',
  keysTitle: 'Schlüssel',
  keysAbout:
    'Mit ihren Schlüsseln ruft die App die API auf, signiert eigene Tokens und meldet sich auf diesen Seiten an. Der Zugriffsschlüssel ist {key}.',
  rotate: 'Neuen geheimen Schlüssel erzeugen',
  rotateEffect:
    'Der alte geheime Schlüssel und alle Tokens der App und ihrer Nutzer werden sofort ungültig: Damit signierte Aufrufe werden abgelehnt, und wessen Seite ein Token hält, muss sich neu anmelden. Browsersitzungen laufen weiter. Sie selbst bleiben hier angemeldet; wer sich sonst mit dem alten Schlüssel hier angemeldet hat, nicht.',
  rotateConfirm: 'Mir ist klar, dass der alte Schlüssel sofort ungültig wird',
  rotateMissing: 'Setzen Sie das Häkchen, damit das nicht versehentlich geschieht.',
  rotateFixed:
    'Das Geheimnis der Root-App steht in der Konfiguration (root_secret_key): Ändern Sie es dort.',
  rotated: 'Die App hat einen neuen geheimen Schlüssel',
  rotatedAlready:
    'Es wurde nichts getan: Die App wurde geändert, seit diese Seite geöffnet wurde. Ein geheimer Schlüssel wird nur einmal angezeigt. Wenn Sie ihn nicht kopiert haben, erzeugen Sie noch einen.',
  dangerTitle: 'Ausschalten oder löschen',
  switchOff: 'App ausschalten',
  switchOffEffect:
    'Niemand kann sich mehr bei ihr anmelden, und ihre Sitzungen, Tokens und Schlüssel gelten nicht, bis sie wieder eingeschaltet ist: auf jedem Server innerhalb von zwei Sekunden. Nutzer und Einstellungen bleiben.',
  switchOn: 'App einschalten',
  switchOnEffect:
    'Die App ist aus. Ist sie wieder ein, gelten Sitzungen, Tokens und Schlüssel wie zuvor.',
  switchedOff: 'Die App {app} ist aus.',
  switchedOn: 'Die App {app} ist ein.',
  rootStays: 'Die Root-App kann weder ausgeschaltet noch gelöscht werden.',
  rename: 'Namen ändern',
  renamed: 'Der Name wurde geändert.',
  nameInvalid: 'Ein Name hat 1 bis 256 Zeichen.',
  delete: 'App löschen',
  deleteEffect:
    'Ihre Nutzer, Einstellungen, Sitzungen und Tokens werden gelöscht und lassen sich nicht wiederherstellen. Was das Audit-Protokoll über sie enthält, bleibt.',
  deleteConfirm: 'Zur Bestätigung {id} eingeben',
  deleteMismatch: 'Das ist nicht die ID der App. Es wurde nichts gelöscht.',
  deleted: 'Die App {app} wurde gelöscht.',
  configured:
    'Die Konfiguration des Servers nennt diese App: Beim Start eines Servers wird sie leer neu angelegt.',
  setUpTitle: 'Einrichtung',
  setUpDone:
    'Fertig: Mit diesen Schlüsseln wurde eine Anmeldung ausprobiert, und sie hat geklappt.',
  setUpNotDone:
    'Es fehlen noch Schritte. Fertig ist die Einrichtung, wenn eine ausprobierte Anmeldung geklappt hat.',
  stepProfile: 'Bei Amazon: ein Sicherheitsprofil anlegen',
  stepProfileHow:
    'Öffnen Sie die {console}, melden Sie sich mit dem Amazon-Konto Ihres Unternehmens an und wählen Sie „Create a New Security Profile“. Name, Beschreibung und Datenschutzhinweis werden bei der Anmeldung angezeigt.',
  console: 'Konsole von Login with Amazon',
  stepReturn: 'Bei Amazon: die Rücksprungadresse erlauben',
  stepReturnHow:
    'Wählen Sie neben dem Profil „Manage“, „Web Settings“, „Edit“ und tragen Sie diese Zeile unter „Allowed Return URLs“ ein. Sie muss Zeichen für Zeichen übereinstimmen.',
  returnAddress: 'Rücksprungadresse',
  copyReturn: 'Rücksprungadresse kopieren',
  returnGuessed:
    'Sie ist aus der Adresse gebildet, unter der Sie diese Seite sehen. Ist dieser Server für andere unter einer anderen Adresse erreichbar, tragen Sie in den Einstellungen die öffentliche Adresse ein.',
  stepKeys: 'Hier: die Schlüssel eintragen',
  stepKeysHow:
    'Wählen Sie an derselben Stelle „Show Secret“ und kopieren Sie „Client ID“ und „Client Secret“ in diese Felder.',
  keysAreSet: 'Die App hat eine Client-ID und ein Client-Geheimnis.',
  keysFrom:
    'Sie kommen aus der Konfiguration des Servers. Was Sie hier speichern, hat Vorrang davor.',
  keysSaved: 'Die Schlüssel wurden gespeichert.',
  keysBoth: 'Geben Sie beides an.',
  stepDoctor: 'Prüfen',
  doctorFine: 'Die Diagnose findet keine Fehler.',
  doctorAll: 'Alles, was die Diagnose geprüft hat',
  stepTry: 'Ausprobieren',
  stepTryHow:
    'Das führt durch eine echte Anmeldung mit Amazon, die niemanden anmeldet und über niemanden etwas speichert. Der Link gilt zehn Minuten, in jedem Browser.',
  tryIt: 'Ausprobieren',
  tried: 'Mit diesen Schlüsseln hat ein Versuch geklappt.',
  notTried: 'Mit diesen Schlüsseln hat noch kein Versuch geklappt.',
  tryNeedsKeys: 'Tragen Sie zuerst die Schlüssel ein.',
  lookAgain: 'Erneut prüfen',
  todo: 'Offen',
  done: 'Erledigt',
  doctorTitle: 'Diagnose',
  doctorAbout: 'Was Anmeldungen bei dieser App verhindert und was dagegen zu tun ist.',
  doctorCaption: 'Befunde, die schlimmsten zuerst',
  check: 'Prüfung',
  seen: 'Was zu sehen war',
  fix: 'Was zu tun ist',
  where: 'Wo es steht',
  failure: 'Fehler',
  warning: 'Warnung',
  ok: 'In Ordnung',
}

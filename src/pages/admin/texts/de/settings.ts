import type { AdminTexts } from '../en'

export const SETTINGS: AdminTexts['settings'] = {
  title: 'Einstellungen',
  about:
    'Was hier gespeichert ist, hat Vorrang vor der Konfiguration des Servers. Ein leeres Feld speichert nichts: Dann gilt, was darunter liegt. Eine Änderung gilt ab der nächsten Anmeldung, auf jedem Server innerhalb von zwei Sekunden.',
  groupKeys: 'Schlüssel bei Amazon',
  groupTargets: 'Wohin es nach der Anmeldung geht',
  groupSafety: 'Sicherheit',
  groupAmazon: 'Was Amazon gefragt wird',
  groupTokens: 'Nutzer und Tokens',
  groupOthers: 'Hier ohne Bedeutung',
  othersAbout:
    'Die App kann beliebige weitere Einstellungen aufbewahren, als JSON oder reinen Text. Dieser Server wertet sie nicht aus.',
  add: 'Weitere Einstellung',
  addName: 'Name',
  addValue: 'Wert, als JSON oder reiner Text',
  notStored: 'Nicht gespeichert',
  inForce: 'Es gilt: {value}, wie hier gespeichert.',
  inForceApp: 'Es gilt: {value}, aus der Konfiguration dieser App ({origin}).',
  inForceAll: 'Es gilt: {value}, aus der Konfiguration für alle Apps ({origin}).',
  inForceDefault: 'Es gilt: {value}, der Standardwert.',
  nothingInForce: 'Es gilt nichts.',
  beneathApp: 'Sonst gilt: {value}, aus der Konfiguration dieser App ({origin}).',
  beneathAll: 'Sonst gilt: {value}, aus der Konfiguration für alle Apps ({origin}).',
  beneathDefault: 'Sonst gilt: {value}, der Standardwert.',
  beneathNothing: 'Sonst gilt nichts.',
  configuration: 'auf dem Server',
  secretSet: 'gesetzt',
  secretNew: 'Leer lassen, um den gespeicherten Wert zu behalten; er wird nie angezeigt.',
  secretFirst: 'Der Wert wird nie wieder angezeigt.',
  secretRemove: 'Gespeicherten Wert entfernen',
  secretBoth: 'Geben Sie einen neuen Wert an oder entfernen Sie den gespeicherten: nicht beides.',
  secretAgain: 'Geheimnisse bleiben nicht auf der Seite stehen: Geben Sie es noch einmal ein.',
  unreadable:
    'Kein Hauptschlüssel dieses Servers öffnet, was gespeichert ist; deshalb kann sich niemand bei dieser App anmelden. Ersetzen oder entfernen Sie den Wert, oder geben Sie dem Server den Schlüssel, mit dem er verschlüsselt wurde.',
  json: 'Das muss JSON sein.',
  nameTaken: 'Eine Einstellung mit diesem Namen gibt es schon: Ändern Sie sie oben.',
  nameMissing: 'Geben Sie der Einstellung einen Namen.',
  problems: 'Es wurde nichts gespeichert. Zu korrigierende Felder: {count}.',
  conflict:
    'Es wurde nichts gespeichert: Seit Sie diese Seite geöffnet haben, hat jemand anders geändert, was unten markiert ist. Speichern Sie erneut, um es durch Ihre Werte zu ersetzen.',
  conflictNow: 'Inzwischen geändert. Jetzt gespeichert: {value}',
  conflictGone: 'Inzwischen geändert. Es ist nichts mehr gespeichert.',
  partly:
    'Gespeichert, außer dem, was unten markiert ist: Das hat jemand anders im selben Augenblick geändert. Speichern Sie erneut, um es durch Ihre Werte zu ersetzen.',
  saved: 'Gespeichert. Geänderte Einstellungen: {count}.',
  nothing: 'Es wurde nichts geändert.',
  remark: 'Hinweis',
  danger: 'Diese App ausschalten oder löschen',
  names: {
    az_app_id: 'Client-ID',
    az_secret: 'Client-Geheimnis',
    az_client_ids: 'Weitere Client-IDs',
    az_device_app_id: 'Client-ID für Geräte',
    az_device_secret: 'Client-Geheimnis für Geräte',
    signin_success: 'Nach der Anmeldung',
    signin_failure: 'Nach einer fehlgeschlagenen Anmeldung',
    public_url: 'Öffentliche Adresse',
    'security.app_schemes': 'Schemata mobiler Apps',
    'security.hosturl_aliases': 'Weitere Frontends',
    'security.strict': 'Jeweils die sicherere Variante',
    'security.link_by_email': 'Bekannte E-Mail-Adressen übernehmen Nutzer',
    'amazon.region': 'Amazon-Region',
    'amazon.scope': 'Scopes',
    'amazon.voluntary_scope': 'Freiwillige Scopes',
    'amazon.keep_tokens': 'Amazon-Tokens aufbewahren',
    'amazon.on_revoked': 'Bei widerrufener Einwilligung',
    claims: 'Claims',
    session_timeout: 'Gültigkeit eines Sitzungstokens',
    one_session_per_user: 'Nur eine Sitzung je Nutzer',
    app_secret_key: 'Schlüssel ihres Backends',
  },
  help: {
    az_app_id:
      'Die Client-ID des Sicherheitsprofils der App, aus der Konsole von Login with Amazon (amzn1.application-oa2-client. und so weiter). Dazu gehört auch das Client-Geheimnis.',
    az_secret: 'Das Client-Geheimnis, das zur Client-ID gehört, von derselben Stelle.',
    az_client_ids:
      'Client-IDs der Android- und iOS-Apps desselben Sicherheitsprofils, durch Kommas getrennt: Auch deren Zugriffstokens melden hier an.',
    az_device_app_id:
      'Fernsehern und anderen Geräten gibt Amazon eine eigene Client-ID. Wenn leer: die Client-ID oben.',
    az_device_secret: 'Ein dazugehöriges Geheimnis. In der Regel gibt Amazon Geräten keines.',
    signin_success:
      'Ein Pfad oder eine Adresse. Aus jwt=id darin wird ein Token, das eine Minute gilt, aus jwt=? ein Sitzungstoken; ohne beides bekommt der Browser eine Sitzung.',
    signin_failure: 'Ein Pfad oder eine Adresse. Aus cause=? darin wird der Grund.',
    public_url:
      'Die Adresse, unter der Browser diesen Server für diese App erreichen, etwa https://auth.example.com. Mit ihr beginnt die Rücksprungadresse.',
    'security.app_schemes':
      'Schemata, zu denen die beiden Adressen oben führen dürfen, durch Kommas getrennt: myapp für myapp://signed-in.',
    'security.hosturl_aliases':
      'Origins weiterer Frontends, durch Kommas getrennt, etwa https://m.example.com: Eine Anmeldung kann verlangen, auf einem davon zu enden.',
    'security.strict':
      'Tokens und signierte Änderungen gelten einmal, eine Anmeldung braucht ihr eigenes Cookie, und mehr: sicherer und enger als das, was Para tut.',
    'security.link_by_email':
      'Ein neues Amazon-Konto mit der E-Mail-Adresse eines bekannten Nutzers wird dieser Nutzer, wie bei Para. Wer an eine alte E-Mail-Adresse kommt, bekommt den Nutzer.',
    'amazon.region':
      'Wo die Nutzer dieser App ihre Konten haben: na (Nordamerika), eu (Europa) oder fe (Fernost).',
    'amazon.scope':
      'Worum die App Amazon bittet, durch Leerzeichen getrennt: profile, postal_code.',
    'amazon.voluntary_scope':
      'Worum sie außerdem bittet und was man auf der Seite von Amazon weglassen darf.',
    'amazon.keep_tokens':
      'Amazon-Tokens der Nutzer werden verschlüsselt aufbewahrt und erneuert, damit die App Amazon in deren Namen aufrufen kann. Beim Ausschalten werden die aufbewahrten entfernt.',
    'amazon.on_revoked':
      'keep ändert nichts; sign_out beendet die Sitzungen und Tokens eines Nutzers, der die Einwilligung bei Amazon widerrufen hat.',
    claims:
      'Woher Felder der Nutzer und Claims der ID-Tokens kommen, als JSON-Objekt wie {"displayName": "name"}.',
    session_timeout: 'Sekunden oder Text wie 12 hours.',
    one_session_per_user: 'Ein neues Sitzungstoken beendet die älteren des Nutzers.',
    app_secret_key:
      'Signiert die Tokens, mit denen das eigene Backend der App Nutzer anmeldet. Mindestens 32 Zeichen.',
  },
}

import type { AdminTexts } from '../en'

export const SETTINGS: AdminTexts['settings'] = {
  title: 'Instellingen',
  about:
    'Wat hier is opgeslagen, gaat voor de configuratie van de server. Een leeg veld slaat niets op: dan geldt wat eronder ligt. Een wijziging geldt vanaf de volgende inlogpoging, op elke server binnen twee seconden.',
  groupKeys: 'Sleutels bij Amazon',
  groupTargets: 'Waar mensen heen gaan',
  groupSafety: 'Veiligheid',
  groupAmazon: 'Wat Amazon wordt gevraagd',
  groupTokens: 'Gebruikers en tokens',
  groupOthers: 'Zonder betekenis hier',
  othersAbout:
    'De app mag ook andere instellingen bewaren, als JSON of gewone tekst. Deze server doet er niets mee.',
  add: 'Nog een instelling',
  addName: 'Naam',
  addValue: 'Waarde, als JSON of gewone tekst',
  notStored: 'Niet opgeslagen',
  inForce: 'Van kracht: {value}, zoals hier opgeslagen.',
  inForceApp: 'Van kracht: {value}, uit de configuratie van deze app ({origin}).',
  inForceAll: 'Van kracht: {value}, uit de configuratie voor alle apps ({origin}).',
  inForceDefault: 'Van kracht: {value}, de standaardwaarde.',
  nothingInForce: 'Er is niets van kracht.',
  beneathApp: 'Anders: {value}, uit de configuratie van deze app ({origin}).',
  beneathAll: 'Anders: {value}, uit de configuratie voor alle apps ({origin}).',
  beneathDefault: 'Anders: {value}, de standaardwaarde.',
  beneathNothing: 'Anders is er niets van kracht.',
  configuration: 'op de server',
  secretSet: 'ingesteld',
  secretNew: 'Laat leeg om te behouden wat is opgeslagen; dat wordt nooit getoond.',
  secretFirst: 'De waarde wordt nooit meer getoond.',
  secretRemove: 'Verwijderen wat is opgeslagen',
  secretBoth: 'Geef een nieuwe waarde op of verwijder wat is opgeslagen: niet allebei.',
  secretAgain: 'Geheimen blijven niet in de pagina staan: vul het nog een keer in.',
  unreadable:
    'Geen hoofdsleutel van deze server opent wat is opgeslagen, dus niemand kan bij deze app inloggen. Vervang of verwijder het, of geef de server de sleutel waarmee het is versleuteld.',
  json: 'Dit moet JSON zijn.',
  nameTaken: 'Er is al een instelling met deze naam: wijzig die hierboven.',
  nameMissing: 'Geef de instelling een naam.',
  problems: 'Er is niets opgeslagen. Te corrigeren velden: {count}.',
  conflict:
    'Er is niets opgeslagen: iemand anders heeft gewijzigd wat hieronder is gemarkeerd, sinds u deze pagina opende. Sla opnieuw op om het door uw waarden te vervangen.',
  conflictNow: 'Intussen gewijzigd. Wat nu is opgeslagen: {value}',
  conflictGone: 'Intussen gewijzigd. Er is niets meer opgeslagen.',
  partly:
    'Opgeslagen, behalve wat hieronder is gemarkeerd: iemand anders heeft dat op hetzelfde moment gewijzigd. Sla opnieuw op om het door uw waarden te vervangen.',
  saved: 'Opgeslagen. Gewijzigde instellingen: {count}.',
  nothing: 'Er is niets gewijzigd.',
  remark: 'Opmerking',
  danger: 'Deze app uitzetten of verwijderen',
  names: {
    az_app_id: 'Client-ID',
    az_secret: 'Client secret',
    az_client_ids: 'Verdere client-ID’s',
    az_device_app_id: 'Client-ID voor apparaten',
    az_device_secret: 'Client secret voor apparaten',
    signin_success: 'Na het inloggen',
    signin_failure: 'Na een mislukte inlogpoging',
    public_url: 'Openbaar adres',
    'security.app_schemes': 'Schema’s van mobiele apps',
    'security.hosturl_aliases': 'Verdere frontends',
    'security.strict': 'Elke veiligere keuze aan',
    'security.link_by_email': 'Bekend e-mailadres neemt gebruiker over',
    'amazon.region': 'Amazon-regio',
    'amazon.scope': 'Scopes',
    'amazon.voluntary_scope': 'Vrijwillige scopes',
    'amazon.keep_tokens': 'Tokens van Amazon bewaren',
    'amazon.on_revoked': 'Als toestemming wordt ingetrokken',
    claims: 'Claims',
    session_timeout: 'Levensduur van een sessietoken',
    one_session_per_user: 'Eén sessie per gebruiker',
    app_secret_key: 'Sleutel van de backend',
  },
  help: {
    az_app_id:
      'De client-ID van het Security Profile van de app, uit de console van Login with Amazon (amzn1.application-oa2-client. enzovoort). Het client secret is er ook bij nodig.',
    az_secret: 'Het client secret dat bij de client-ID hoort, van dezelfde plaats.',
    az_client_ids:
      'Client-ID’s van de Android- en iOS-apps van hetzelfde Security Profile, gescheiden door komma’s: ook met hun toegangstokens kan hier worden ingelogd.',
    az_device_app_id:
      'Amazon geeft tv’s en andere apparaten een eigen client-ID. Leeg: de client-ID hierboven.',
    az_device_secret: 'Een geheim dat daarbij hoort. Amazon geeft apparaten er in de regel geen.',
    signin_success:
      'Een pad of een adres. jwt=id erin wordt een token dat een minuut geldig is, jwt=? een sessietoken; zonder een van beide krijgt de browser een sessie.',
    signin_failure: 'Een pad of een adres. cause=? erin wordt de reden.',
    public_url:
      'Het adres waaronder browsers deze server voor deze app bereiken, zoals https://auth.example.com. Het terugkeeradres begint ermee.',
    'security.app_schemes':
      'Schema’s waarheen de twee adressen hierboven mogen leiden, gescheiden door komma’s: myapp voor myapp://signed-in.',
    'security.hosturl_aliases':
      'Origins van verdere frontends, gescheiden door komma’s, zoals https://m.example.com: een inlogpoging mag vragen daar te eindigen.',
    'security.strict':
      'Tokens en ondertekende wijzigingen zijn één keer te gebruiken, voor inloggen is een eigen cookie nodig, en meer: veiliger en strenger dan wat Para doet.',
    'security.link_by_email':
      'Een nieuw Amazon-account met het e-mailadres van een bekende gebruiker wordt die gebruiker, zoals in Para. Wie een oud e-mailadres bemachtigt, krijgt de gebruiker.',
    'amazon.region':
      'Waar de mensen van deze app hun account hebben: na (Noord-Amerika), eu (Europa) of fe (Verre Oosten).',
    'amazon.scope': 'Wat de app aan Amazon vraagt, gescheiden door spaties: profile, postal_code.',
    'amazon.voluntary_scope':
      'Wat de app daarnaast vraagt en mensen op de pagina van Amazon mogen weglaten.',
    'amazon.keep_tokens':
      'Tokens van Amazon van gebruikers worden versleuteld bewaard en vernieuwd, zodat de app namens hen Amazon kan aanroepen. Bij uitzetten worden de bewaarde tokens verwijderd.',
    'amazon.on_revoked':
      'keep verandert niets; sign_out beëindigt de sessies en tokens van een gebruiker die de toestemming bij Amazon heeft ingetrokken.',
    claims:
      'Waar velden van gebruikers en claims van ID-tokens vandaan komen, als JSON-object zoals {"displayName": "name"}.',
    session_timeout: 'Seconden, of tekst zoals 12 hours.',
    one_session_per_user: 'Een nieuw sessietoken beëindigt de oudere van de gebruiker.',
    app_secret_key:
      'Ondertekent de tokens waarmee de eigen backend van de app mensen inlogt. Ten minste 32 tekens.',
  },
}

import type { AdminTexts } from '../en'

export const SETTINGS: AdminTexts['settings'] = {
  title: 'Impostazioni',
  about:
    'Ciò che è salvato qui ha la precedenza sulla configurazione del server. Un campo vuoto non salva nulla: vale allora ciò che sta sotto. Una modifica vale dal prossimo accesso, su ogni server entro due secondi.',
  groupKeys: 'Chiavi presso Amazon',
  groupTargets: 'Dove vanno le persone',
  groupSafety: 'Sicurezza',
  groupAmazon: 'Che cosa si chiede ad Amazon',
  groupTokens: 'Utenti e token',
  groupOthers: 'Senza significato qui',
  othersAbout:
    'L’app può conservare qualsiasi altra impostazione, come JSON o testo semplice. Questo server non ne fa nulla.',
  add: 'Un’altra impostazione',
  addName: 'Nome',
  addValue: 'Valore, come JSON o testo semplice',
  notStored: 'Non salvato',
  inForce: 'In vigore: {value}, come è salvato qui.',
  inForceApp: 'In vigore: {value}, dalla configurazione di questa app ({origin}).',
  inForceAll: 'In vigore: {value}, dalla configurazione di tutte le app ({origin}).',
  inForceDefault: 'In vigore: {value}, il valore predefinito.',
  nothingInForce: 'Nulla è in vigore.',
  beneathApp: 'Altrimenti: {value}, dalla configurazione di questa app ({origin}).',
  beneathAll: 'Altrimenti: {value}, dalla configurazione di tutte le app ({origin}).',
  beneathDefault: 'Altrimenti: {value}, il valore predefinito.',
  beneathNothing: 'Altrimenti non vale nulla.',
  configuration: 'sul server',
  secretSet: 'impostato',
  secretNew: 'Lascialo vuoto per mantenere il valore salvato, che non viene mai mostrato.',
  secretFirst: 'Il valore non verrà più mostrato.',
  secretRemove: 'Rimuovi ciò che è salvato',
  secretBoth: 'Inserisci un nuovo valore o rimuovi quello salvato: non entrambe le cose.',
  secretAgain: 'I segreti non restano nella pagina: inseriscilo di nuovo.',
  unreadable:
    'Nessuna chiave master di questo server apre ciò che è salvato, quindi nessuno può accedere a questa app. Sostituiscilo o rimuovilo, oppure dai al server la chiave con cui è stato cifrato.',
  json: 'Deve essere JSON.',
  nameTaken: 'Esiste già un’impostazione con questo nome: modificala qui sopra.',
  nameMissing: 'Dai un nome all’impostazione.',
  problems: 'Nulla è stato salvato. Campi da correggere: {count}.',
  conflict:
    'Nulla è stato salvato: dopo l’apertura di questa pagina qualcun altro ha modificato ciò che è segnato sotto. Salva di nuovo per sostituirlo con i tuoi valori.',
  conflictNow: 'Modificato nel frattempo. Ora è salvato: {value}',
  conflictGone: 'Modificato nel frattempo. Non è più salvato nulla.',
  partly:
    'Salvato, tranne ciò che è segnato sotto: qualcun altro l’ha modificato nello stesso momento. Salva di nuovo per sostituirlo con i tuoi valori.',
  saved: 'Salvato. Impostazioni modificate: {count}.',
  nothing: 'Nulla è stato modificato.',
  remark: 'Nota',
  danger: 'Disattiva o elimina questa app',
  names: {
    az_app_id: 'Client ID',
    az_secret: 'Client secret',
    az_client_ids: 'Altri client ID',
    az_device_app_id: 'Client ID per i dispositivi',
    az_device_secret: 'Client secret per i dispositivi',
    signin_success: 'Dopo l’accesso',
    signin_failure: 'Dopo un accesso non riuscito',
    public_url: 'Indirizzo pubblico',
    'security.app_schemes': 'Schemi delle app mobili',
    'security.hosturl_aliases': 'Altri frontend',
    'security.strict': 'Tutte le scelte più sicure',
    'security.link_by_email': 'Un’e-mail nota riprende l’utente',
    'amazon.region': 'Regione di Amazon',
    'amazon.scope': 'Scope',
    'amazon.voluntary_scope': 'Scope facoltativi',
    'amazon.keep_tokens': 'Conserva i token di Amazon',
    'amazon.on_revoked': 'Alla revoca del consenso',
    claims: 'Claim',
    session_timeout: 'Durata di un token di sessione',
    one_session_per_user: 'Una sola sessione per utente',
    app_secret_key: 'Chiave del suo backend',
  },
  help: {
    az_app_id:
      'Il client ID del Security Profile dell’app, dalla console di Login with Amazon (amzn1.application-oa2-client. e così via). Richiede anche il client secret.',
    az_secret: 'Il client secret che corrisponde al client ID, dallo stesso posto.',
    az_client_ids:
      'I client ID delle app Android e iOS dello stesso Security Profile, separati da virgole: anche con i loro token di accesso si può accedere qui.',
    az_device_app_id:
      'Amazon assegna a televisori e altri dispositivi un client ID proprio. Se vuoto: il client ID qui sopra.',
    az_device_secret:
      'Un segreto che gli corrisponde. Di norma Amazon non ne assegna ai dispositivi.',
    signin_success:
      'Un percorso o un indirizzo. jwt=id al suo interno diventa un token valido un minuto, jwt=? un token di sessione; senza nessuno dei due il browser riceve una sessione.',
    signin_failure: 'Un percorso o un indirizzo. cause=? al suo interno diventa il motivo.',
    public_url:
      'L’indirizzo con cui i browser raggiungono questo server per questa app, come https://auth.example.com. L’indirizzo di ritorno inizia così.',
    'security.app_schemes':
      'Gli schemi a cui possono portare i due indirizzi qui sopra, separati da virgole: myapp per myapp://signed-in.',
    'security.hosturl_aliases':
      'Le origini di altri frontend, separate da virgole, come https://m.example.com: un accesso può chiedere di concludersi su una di esse.',
    'security.strict':
      'Token e modifiche firmate valgono per un solo uso, un accesso richiede il proprio cookie, e altro: più sicuro e più restrittivo di Para.',
    'security.link_by_email':
      'Un nuovo account Amazon con l’e-mail di un utente noto diventa quell’utente, come in Para. Chi entra in possesso di una vecchia e-mail ottiene l’utente.',
    'amazon.region':
      'Dove hanno il loro account le persone di questa app: na (Nord America), eu (Europa) o fe (Estremo Oriente).',
    'amazon.scope': 'Che cosa l’app chiede ad Amazon, separato da spazi: profile, postal_code.',
    'amazon.voluntary_scope':
      'Che cosa chiede in più, e che le persone possono escludere nella pagina di Amazon.',
    'amazon.keep_tokens':
      'I token di Amazon degli utenti vengono conservati, cifrati, e rinnovati, così che l’app possa chiamare Amazon per loro. Se si disattiva, quelli conservati vengono rimossi.',
    'amazon.on_revoked':
      'keep non cambia nulla; sign_out chiude le sessioni e i token di un utente che ha revocato il consenso ad Amazon.',
    claims:
      'Da dove vengono i campi degli utenti e i claim dei token ID, come oggetto JSON, ad esempio {"displayName": "name"}.',
    session_timeout: 'Secondi, oppure un testo come 12 hours.',
    one_session_per_user: 'Un nuovo token di sessione chiude quelli precedenti dell’utente.',
    app_secret_key:
      'Firma i token con cui il backend dell’app fa accedere le persone. Almeno 32 caratteri.',
  },
}

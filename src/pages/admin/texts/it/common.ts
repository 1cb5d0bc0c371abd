import type { AdminTexts } from '../en'

export const COMMON: AdminTexts['common'] = {
  title: 'Amministrazione',
  skip: 'Vai al contenuto',
  sections: 'Sezioni',
  pages: 'Pagine di questa app',
  overview: 'Panoramica',
  apps: 'App',
  signIns: 'Accessi',
  changes: 'Modifiche',
  users: 'Utenti',
  webhooks: 'Webhook',
  settings: 'Impostazioni',
  keys: 'Chiavi',
  setUp: 'Configurazione',
  doctor: 'Diagnosi',
  operator: 'Accesso come {name}',
  signOut: 'Esci',
  goOn: 'Continua',
  save: 'Salva',
  cancel: 'Annulla',
  back: 'Indietro',
  search: 'Cerca',
  copy: 'Copia',
  copied: 'Copiato',
  next: 'Pagina successiva',
  previous: 'Pagina precedente',
  first: 'Prima pagina',
  yes: 'Sì',
  no: 'No',
  on: 'Attivo',
  off: 'Disattivato',
  none: 'Nessuno',
  never: 'Mai',
  utc: 'Gli orari sono in UTC.',
  problem: 'Operazione non riuscita',
  notFound: 'Questa pagina non esiste',
  notFoundWhy:
    'Controlla l’indirizzo. Anche le pagine delle app che non puoi vedere, per te, non esistono.',
  expired: 'La sessione è terminata. Nulla è stato modificato: accedi e invia di nuovo.',
  sentAlready:
    'Questo modulo è già stato inviato e non viene accettato due volte. Ricarica la pagina per vedere che cosa ne è risultato.',
  tooManyDownloads:
    'Due download di questa sessione sono in corso. Attendi che uno di essi finisca.',
  tooManyDownloadsOfAll: 'Troppi download sono in corso su questo server. Riprova tra un momento.',
  notNow: 'Al momento non è possibile. Riprova tra un momento.',
  unsure:
    'Il server non ha potuto farlo, o non fino in fondo. Non si sa se qualcosa sia stato modificato: riapri la pagina e verifica prima di inviare di nuovo.',
  openAgain: 'Riapri la pagina',
  foreignForm:
    'Il modulo non proviene da queste pagine o è troppo vecchio. Nulla è stato modificato: ricarica la pagina e invialo di nuovo.',
  notKept: 'Non conservato qui',
  noTrail:
    'L’archivio di questo host non tiene un registro di audit che si possa mostrare qui. Accessi e modifiche sono nel log.',
  noFigures:
    'L’archivio di questo host non conserva dati sugli accessi, quindi non ci sono grafici.',
  noWebhooks: 'L’archivio di questo host non conserva webhook, quindi le app non possono averne.',
  noBulk:
    'L’archivio di questo host non gestisce modifiche di più utenti: si modificano uno alla volta.',
  lacksPart: 'Gli manca la parte {part}: vedi docs/stores.md.',
}

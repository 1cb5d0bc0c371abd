import type { Texts } from './en'

export const IT = {
  lang: 'it',
  dir: 'ltr',
  signIn: 'Accedi con Amazon',
  signedIn: 'Accesso effettuato',
  signedInAs: 'Hai effettuato l’accesso a {app} come {name}.',
  notSignedIn: 'Non hai effettuato l’accesso',
  signInElsewhere: 'Per accedere, apri la pagina dell’app che vuoi usare e accedi da lì.',
  forOperators: 'Gestisci questo servizio?',
  makeApp: 'Crea un’app: {command}.',
  openApp: 'Per accedere all’app si apre {address}.',
  signOut: 'Esci',
  signOutAsked: 'Vuoi uscire?',
  signOutEverywhereAsked: 'Vuoi uscire su tutti i tuoi dispositivi?',
  signOutFailed: 'Non è stato possibile uscire',
  failed: 'Accesso non riuscito',
  failedTo: 'Accesso a {app} non riuscito',
  tryAgain: 'Riprova',
  tryLater: 'Riprova tra un momento.',
  startAgain: 'Torna alla pagina precedente e riprova.',
  notFound: 'Questa pagina non esiste',
  checkAddress: 'Controlla l’indirizzo o torna alla pagina precedente.',
  wentWrong: 'Si è verificato un errore',
  failures: {
    refused: 'L’accesso non è stato accettato.',
    denied:
      'Non hai autorizzato Amazon a comunicare la tua identità, quindi l’accesso non è avvenuto.',
    late: 'Questo accesso ha richiesto troppo tempo o è stato iniziato in un altro browser o in un’altra finestra. Ricomincia da capo.',
    incomplete: 'L’indirizzo aperto non corrisponde a un accesso completo. Ricomincia da capo.',
    notSetUp:
      'L’accesso con Amazon non è configurato correttamente qui. Può rimediare solo chi gestisce questo servizio.',
    amazonBusy: 'Amazon non è raggiungibile o è sovraccarico. Riprova tra un momento.',
    ours: 'Al momento questo servizio non può farti accedere. Riprova tra un momento.',
    tooMany: 'Troppi tentativi. Riprova tra un minuto.',
  },
} satisfies Texts

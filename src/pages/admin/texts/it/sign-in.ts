import type { AdminTexts } from '../en'

export const SIGN_IN: AdminTexts['signIn'] = {
  title: 'Accedi come amministratore',
  about:
    'Con le chiavi dell’app root vedi tutte le app, con quelle di un’altra app soltanto quell’app. Le chiavi servono ad aprire una sessione in questo browser e non vengono conservate.',
  accessKey: 'Chiave di accesso',
  accessKeyHelp: 'Ad esempio app:{app}',
  secretKey: 'Chiave segreta',
  signIn: 'Accedi',
  refused: 'Queste non sono le chiavi di un’app attiva.',
  noCookies:
    'Questa pagina ha dato al browser un cookie che non è tornato indietro, quindi la sessione non potrebbe essere mantenuta. Consenti i cookie, apri la pagina all’indirizzo del server (con https, se è https) e fai in modo che i proxy intermedi lascino passare i cookie.',
  tooMany: 'Troppe chiavi rifiutate. Secondi di attesa: {seconds}.',
  byAmazon: 'Oppure con il tuo account Amazon',
  byAmazonSignIn: 'Accedi con Amazon',
  goOn: 'Continua come {name}',
  notListed:
    'Hai effettuato l’accesso come {name}, che non è tra gli amministratori. Per aggiungere questa persona, inserisci {identifier} in admin.identifiers nella configurazione.',
  signedOut: 'Sei uscito.',
}

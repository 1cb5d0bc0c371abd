import type { AdminTexts } from '../en'

export const SIGN_IN: AdminTexts['signIn'] = {
  title: 'Zaloguj się jako administrator',
  about:
    'Klucze aplikacji głównej dają dostęp do wszystkich aplikacji, klucze innej aplikacji tylko do niej. Służą do otwarcia sesji w tej przeglądarce i nie są zapisywane.',
  accessKey: 'Klucz dostępu',
  accessKeyHelp: 'Na przykład app:{app}',
  secretKey: 'Klucz tajny',
  signIn: 'Zaloguj się',
  refused: 'To nie są klucze żadnej włączonej aplikacji.',
  tooMany: 'Odrzucono zbyt wiele kluczy. Czas oczekiwania w sekundach: {seconds}.',
  byAmazon: 'Albo kontem Amazon',
  byAmazonSignIn: 'Zaloguj się przez Amazon',
  goOn: 'Kontynuuj jako {name}',
  notListed:
    'Zalogowano jako {name}, ale to konto nie należy do administratora. Aby je dodać, wpisz {identifier} do admin.identifiers w konfiguracji.',
  signedOut: 'Wylogowano.',
}

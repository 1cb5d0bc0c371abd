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
  noCookies:
    'Ta strona przekazała przeglądarce plik cookie, który nie wrócił, więc sesja nie mogłaby się utrzymać. Zezwól na pliki cookie, otwórz stronę pod adresem serwera (przez https, jeśli taki jest) i sprawdź, czy serwery proxy po drodze przekazują pliki cookie.',
  tooMany: 'Odrzucono zbyt wiele kluczy. Czas oczekiwania w sekundach: {seconds}.',
  byAmazon: 'Albo kontem Amazon',
  byAmazonSignIn: 'Zaloguj się przez Amazon',
  goOn: 'Kontynuuj jako {name}',
  notListed:
    'Zalogowano jako {name}, ale to konto nie należy do administratora. Aby je dodać, wpisz {identifier} do admin.identifiers w konfiguracji.',
  signedOut: 'Wylogowano.',
}

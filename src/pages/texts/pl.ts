import type { Texts } from './en'

export const PL = {
  lang: 'pl',
  dir: 'ltr',
  signIn: 'Zaloguj się przez Amazon',
  signedIn: 'Zalogowano',
  signedInAs: 'Zalogowano do {app} jako {name}.',
  notSignedIn: 'Nie zalogowano',
  signInElsewhere:
    'Aby się zalogować, otwórz stronę aplikacji, z której chcesz skorzystać, i zaloguj się na niej.',
  forOperators: 'Prowadzisz tę usługę?',
  makeApp: 'Utwórz aplikację: {command}.',
  openApp: 'Adres logowania do niej to {address}.',
  signOut: 'Wyloguj się',
  signOutAsked: 'Czy chcesz się wylogować?',
  signOutEverywhereAsked: 'Czy chcesz się wylogować na wszystkich swoich urządzeniach?',
  signOutFailed: 'Nie udało się wylogować',
  failed: 'Nie udało się zalogować',
  failedTo: 'Nie udało się zalogować do {app}',
  tryAgain: 'Spróbuj ponownie',
  tryLater: 'Spróbuj ponownie za chwilę.',
  startAgain: 'Wróć do poprzedniej strony i spróbuj ponownie.',
  notFound: 'Nie ma takiej strony',
  checkAddress: 'Sprawdź adres lub wróć do poprzedniej strony.',
  wentWrong: 'Wystąpił błąd',
  device: {
    title: 'Zaloguj się do {app}',
    enter: 'Na telefonie lub komputerze otwórz {address} i wpisz ten kod:',
    scan: 'Albo otwórz adres aparatem telefonu:',
    picture: 'Obraz (kod QR) z adresem',
    left: 'Kod jest ważny jeszcze {time} min.',
    goesOn: 'Gdy wyrazisz zgodę, ta strona przejdzie dalej sama.',
    renewed: 'Poprzedni kod wygasł: to jest nowy.',
  },
  failures: {
    refused: 'Logowanie nie zostało przyjęte.',
    denied:
      'Amazon nie otrzymał zgody na przekazanie informacji o Twojej tożsamości, dlatego logowanie nie doszło do skutku.',
    late: 'Logowanie trwało zbyt długo lub rozpoczęto je w innej przeglądarce albo w innym oknie. Zacznij od nowa.',
    incomplete: 'Otwarty adres nie należy do pełnego logowania. Zacznij od nowa.',
    notSetUp:
      'Logowanie przez Amazon nie jest tu prawidłowo skonfigurowane. Mogą to naprawić tylko osoby prowadzące tę usługę.',
    amazonBusy: 'Amazon jest nieosiągalny lub przeciążony. Spróbuj ponownie za chwilę.',
    ours: 'Ta usługa nie może teraz przeprowadzić logowania. Spróbuj ponownie za chwilę.',
    tooMany: 'Zbyt wiele prób. Spróbuj ponownie za minutę.',
  },
} satisfies Texts

import type { AdminTexts } from '../en'

export const SETTINGS: AdminTexts['settings'] = {
  title: 'Ustawienia',
  about:
    'To, co jest zapisane tutaj, ma pierwszeństwo przed konfiguracją serwera. Puste pole niczego nie zapisuje: obowiązuje wtedy to, co jest pod spodem. Zmiana obowiązuje od następnego logowania, na każdym serwerze w ciągu dwóch sekund.',
  groupKeys: 'Klucze w Amazon',
  groupTargets: 'Dokąd trafia użytkownik',
  groupSafety: 'Bezpieczeństwo',
  groupAmazon: 'O co pytany jest Amazon',
  groupTokens: 'Użytkownicy i tokeny',
  groupOthers: 'Bez znaczenia tutaj',
  othersAbout:
    'Aplikacja może też przechowywać dowolne inne ustawienia, jako JSON lub zwykły tekst. Ten serwer z nich nie korzysta.',
  add: 'Jeszcze jedno ustawienie',
  addName: 'Nazwa',
  addValue: 'Wartość, jako JSON lub zwykły tekst',
  notStored: 'Nie zapisano',
  inForce: 'Obowiązuje: {value}, jak zapisano tutaj.',
  inForceApp: 'Obowiązuje: {value}, z konfiguracji tej aplikacji ({origin}).',
  inForceAll: 'Obowiązuje: {value}, z konfiguracji wszystkich aplikacji ({origin}).',
  inForceDefault: 'Obowiązuje: {value}, wartość domyślna.',
  nothingInForce: 'Nic nie obowiązuje.',
  beneathApp: 'Bez tego: {value}, z konfiguracji tej aplikacji ({origin}).',
  beneathAll: 'Bez tego: {value}, z konfiguracji wszystkich aplikacji ({origin}).',
  beneathDefault: 'Bez tego: {value}, wartość domyślna.',
  beneathNothing: 'Bez tego nic nie obowiązuje.',
  configuration: 'na serwerze',
  secretSet: 'ustawiono',
  secretNew: 'Pozostaw puste, aby zachować zapisaną wartość; nigdy nie jest ona pokazywana.',
  secretFirst: 'Wartość nie zostanie już nigdy pokazana.',
  secretRemove: 'Usuń zapisaną wartość',
  secretBoth: 'Podaj nową wartość albo usuń zapisaną: nie jedno i drugie.',
  secretAgain: 'Wartości tajne nie pozostają na stronie: podaj ją jeszcze raz.',
  unreadable:
    'Żaden klucz główny tego serwera nie otwiera zapisanej wartości, więc nikt nie może zalogować się do tej aplikacji. Zastąp ją lub usuń albo podaj serwerowi klucz, którym ją zaszyfrowano.',
  json: 'To musi być JSON.',
  nameTaken: 'Ustawienie o tej nazwie już istnieje: zmień je powyżej.',
  nameMissing: 'Nadaj ustawieniu nazwę.',
  problems: 'Niczego nie zapisano. Pola do poprawienia: {count}.',
  conflict:
    'Niczego nie zapisano: po otwarciu tej strony ktoś inny zmienił to, co oznaczono poniżej. Zapisz ponownie, aby zastąpić to swoimi wartościami.',
  conflictNow: 'Zmieniono w międzyczasie. Teraz zapisane jest: {value}',
  conflictGone: 'Zmieniono w międzyczasie. Nic już nie jest zapisane.',
  partly:
    'Zapisano oprócz tego, co oznaczono poniżej: w tej samej chwili zmienił to ktoś inny. Zapisz ponownie, aby zastąpić to swoimi wartościami.',
  saved: 'Zapisano. Zmienione ustawienia: {count}.',
  nothing: 'Niczego nie zmieniono.',
  remark: 'Uwaga',
  danger: 'Wyłącz lub usuń tę aplikację',
  names: {
    az_app_id: 'Client ID',
    az_secret: 'Client secret',
    az_client_ids: 'Dodatkowe client ID',
    az_device_app_id: 'Client ID dla urządzeń',
    az_device_secret: 'Client secret dla urządzeń',
    signin_success: 'Po zalogowaniu',
    signin_failure: 'Po nieudanym logowaniu',
    public_url: 'Adres publiczny',
    'security.app_schemes': 'Schematy aplikacji mobilnych',
    'security.hosturl_aliases': 'Dodatkowe frontendy',
    'security.strict': 'Wszystkie bezpieczniejsze opcje',
    'security.link_by_email': 'Znany e-mail przejmuje użytkownika',
    'amazon.region': 'Region Amazon',
    'amazon.scope': 'Zakresy (scopes)',
    'amazon.voluntary_scope': 'Zakresy dobrowolne',
    'amazon.keep_tokens': 'Przechowuj tokeny Amazon',
    'amazon.on_revoked': 'Po wycofaniu zgody',
    claims: 'Reguły (claims)',
    session_timeout: 'Czas życia tokenu sesji',
    one_session_per_user: 'Jedna sesja na użytkownika',
    app_secret_key: 'Klucz jej backendu',
  },
  help: {
    az_app_id:
      'Client ID profilu Security Profile tej aplikacji, z konsoli Login with Amazon (amzn1.application-oa2-client. i tak dalej). Wymaga też client secret.',
    az_secret: 'Client secret należący do client ID, z tego samego miejsca.',
    az_client_ids:
      'Client ID aplikacji na Androida i iOS z tego samego Security Profile, rozdzielone przecinkami: ich tokenami dostępu też można się tu zalogować.',
    az_device_app_id:
      'Telewizorom i innym urządzeniom Amazon nadaje osobny client ID. Puste: client ID podany powyżej.',
    az_device_secret: 'Należący do niego client secret. Amazon z reguły nie nadaje go urządzeniom.',
    signin_success:
      'Ścieżka lub adres. jwt=id staje się w nim tokenem ważnym minutę, jwt=? tokenem sesji; bez obu przeglądarka otrzymuje sesję.',
    signin_failure: 'Ścieżka lub adres. W miejsce cause=? trafia przyczyna.',
    public_url:
      'Adres, pod którym przeglądarki docierają do tego serwera dla tej aplikacji, na przykład https://auth.example.com. Od niego zaczyna się adres powrotu.',
    'security.app_schemes':
      'Schematy, do których mogą prowadzić oba adresy powyżej, rozdzielone przecinkami: myapp dla myapp://signed-in.',
    'security.hosturl_aliases':
      'Adresy (origin) dodatkowych frontendów, rozdzielone przecinkami, na przykład https://m.example.com: logowanie może zakończyć się na jednym z nich.',
    'security.strict':
      'Tokeny i podpisane zmiany są jednorazowe, logowanie wymaga własnego pliku cookie i tak dalej: bezpieczniej i bardziej rygorystycznie niż w Para.',
    'security.link_by_email':
      'Nowe konto Amazon z adresem e-mail znanego użytkownika staje się tym użytkownikiem, jak w Para. Kto zdobędzie stary adres e-mail, przejmie użytkownika.',
    'amazon.region':
      'Gdzie użytkownicy tej aplikacji mają konta: na (Ameryka Północna), eu (Europa) lub fe (Daleki Wschód).',
    'amazon.scope': 'O co aplikacja prosi Amazon, rozdzielone spacjami: profile, postal_code.',
    'amazon.voluntary_scope':
      'O co prosi dodatkowo, a co użytkownik może pominąć na stronie Amazon.',
    'amazon.keep_tokens':
      'Tokeny Amazon użytkowników są przechowywane w postaci zaszyfrowanej i odnawiane, aby aplikacja mogła wywoływać Amazon w ich imieniu. Wyłączenie usuwa przechowywane tokeny.',
    'amazon.on_revoked':
      'keep niczego nie zmienia; sign_out kończy sesje i tokeny użytkownika, który wycofał zgodę w Amazon.',
    claims:
      'Skąd pochodzą pola użytkowników i dane (claims) tokenów ID, jako obiekt JSON, na przykład {"displayName": "name"}.',
    session_timeout: 'Sekundy albo tekst, na przykład 12 hours.',
    one_session_per_user: 'Nowy token sesji kończy starsze tokeny użytkownika.',
    app_secret_key:
      'Podpisuje tokeny, którymi własny backend aplikacji loguje użytkowników. Co najmniej 32 znaki.',
  },
}

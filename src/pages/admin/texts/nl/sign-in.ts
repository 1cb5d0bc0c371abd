import type { AdminTexts } from '../en'

export const SIGN_IN: AdminTexts['signIn'] = {
  title: 'Inloggen als beheerder',
  about:
    'Met de sleutels van de root-app ziet u alle apps, met die van een andere app alleen die app. Ze worden ingewisseld voor een sessie in deze browser en niet bewaard.',
  accessKey: 'Toegangssleutel',
  accessKeyHelp: 'Bijvoorbeeld app:{app}',
  secretKey: 'Geheime sleutel',
  signIn: 'Inloggen',
  refused: 'Dit zijn niet de sleutels van een app die aanstaat.',
  noCookies:
    'Deze pagina gaf uw browser een cookie die niet terugkwam, dus u zou niet ingelogd kunnen blijven. Sta cookies toe, open de pagina op het adres van de server (met https, als dat https is) en laat proxy’s ertussen cookies doorgeven.',
  tooMany: 'Er zijn te veel sleutels geweigerd. Wachttijd in seconden: {seconds}.',
  byAmazon: 'Of met uw Amazon-account',
  byAmazonSignIn: 'Inloggen met Amazon',
  goOn: 'Doorgaan als {name}',
  notListed:
    'U bent ingelogd als {name}, maar dat is geen beheerder. Om dat te veranderen zet u {identifier} in admin.identifiers in de configuratie.',
  signedOut: 'U bent uitgelogd.',
}

import type { AdminTexts } from '../en'

export const SIGN_IN: AdminTexts['signIn'] = {
  title: 'Se connecter en tant qu’exploitant',
  about:
    'Avec les clés de l’application racine, vous voyez toutes les applications ; avec celles d’une autre application, uniquement celle-ci. Elles sont échangées contre une session de ce navigateur et ne sont pas conservées.',
  accessKey: 'Clé d’accès',
  accessKeyHelp: 'Par exemple app:{app}',
  secretKey: 'Clé secrète',
  signIn: 'Se connecter',
  refused: 'Ce ne sont pas les clés d’une application activée.',
  noCookies:
    'Cette page a donné à votre navigateur un cookie qui n’est pas revenu : vous ne pourriez pas rester connecté. Autorisez les cookies, ouvrez la page à l’adresse du serveur (en https, si elle est en https) et faites en sorte que les proxys intermédiaires transmettent les cookies.',
  tooMany: 'Trop de clés ont été refusées. Secondes d’attente : {seconds}.',
  byAmazon: 'Ou avec votre compte Amazon',
  byAmazonSignIn: 'Se connecter avec Amazon',
  goOn: 'Continuer en tant que {name}',
  notListed:
    'Vous êtes connecté en tant que {name}, sans être exploitant. Pour autoriser ce compte, ajoutez {identifier} à admin.identifiers dans la configuration.',
  signedOut: 'Vous êtes déconnecté.',
}

import type { Texts } from './en'

export const FR = {
  lang: 'fr',
  dir: 'ltr',
  signIn: 'Se connecter avec Amazon',
  signedIn: 'Vous êtes connecté',
  signedInAs: 'Connecté à {app} en tant que {name}.',
  notSignedIn: 'Vous n’êtes pas connecté',
  signInElsewhere:
    'Pour vous connecter, ouvrez la page de l’application que vous souhaitez utiliser et connectez-vous à partir de celle-ci.',
  forOperators: 'Vous exploitez ce service ?',
  makeApp: 'Créez une application : {command}.',
  openApp: 'On s’y connecte à l’adresse {address}.',
  signOut: 'Se déconnecter',
  signOutAsked: 'Voulez-vous vous déconnecter ?',
  signOutEverywhereAsked: 'Voulez-vous vous déconnecter de tous vos appareils ?',
  signOutFailed: 'La déconnexion a échoué',
  failed: 'La connexion a échoué',
  failedTo: 'La connexion à {app} a échoué',
  tryAgain: 'Réessayer',
  tryLater: 'Veuillez réessayer dans un instant.',
  startAgain: 'Revenez à la page précédente et réessayez.',
  notFound: 'Cette page n’existe pas',
  checkAddress: 'Vérifiez l’adresse ou revenez à la page précédente.',
  wentWrong: 'Une erreur s’est produite',
  device: {
    title: 'Se connecter à {app}',
    enter: 'Sur votre téléphone ou votre ordinateur, ouvrez {address} et saisissez ce code :',
    scan: 'Ou ouvrez l’adresse avec l’appareil photo de votre téléphone :',
    picture: 'Image (QR code) de l’adresse',
    left: 'Le code est encore valable {time} minutes.',
    goesOn: 'Dès que vous aurez donné votre accord, cette page continuera d’elle-même.',
    renewed: 'Le code précédent a expiré : en voici un nouveau.',
  },
  failures: {
    refused: 'La connexion n’a pas été acceptée.',
    denied:
      'Vous n’avez pas autorisé Amazon à communiquer votre identité : vous n’avez donc pas été connecté.',
    late: 'Cette connexion a pris trop de temps ou a été commencée dans un autre navigateur ou une autre fenêtre. Veuillez recommencer.',
    incomplete:
      'L’adresse ouverte ne correspond pas à une connexion complète. Veuillez recommencer.',
    notSetUp:
      'La connexion avec Amazon n’est pas configurée correctement ici. Seuls les responsables de ce service peuvent y remédier.',
    amazonBusy: 'Amazon est injoignable ou surchargé. Veuillez réessayer dans un instant.',
    ours: 'Ce service ne peut pas vous connecter pour le moment. Veuillez réessayer dans un instant.',
    tooMany: 'Trop de tentatives. Veuillez réessayer dans une minute.',
  },
} satisfies Texts

import type { AdminTexts } from '../en'

export const COMMON: AdminTexts['common'] = {
  title: 'Exploitants',
  skip: 'Aller au contenu',
  sections: 'Rubriques',
  pages: 'Pages de cette application',
  overview: 'Vue d’ensemble',
  apps: 'Applications',
  signIns: 'Connexions',
  changes: 'Modifications',
  users: 'Utilisateurs',
  webhooks: 'Webhooks',
  settings: 'Paramètres',
  keys: 'Clés',
  setUp: 'Mise en service',
  doctor: 'Diagnostic',
  operator: 'Connecté en tant que {name}',
  signOut: 'Se déconnecter',
  goOn: 'Continuer',
  save: 'Enregistrer',
  cancel: 'Annuler',
  back: 'Retour',
  search: 'Rechercher',
  copy: 'Copier',
  copied: 'Copié',
  next: 'Page suivante',
  previous: 'Page précédente',
  first: 'Première page',
  yes: 'Oui',
  no: 'Non',
  on: 'Activé',
  off: 'Désactivé',
  none: 'Aucun',
  never: 'Jamais',
  utc: 'Les heures sont en UTC.',
  problem: 'L’opération a échoué',
  notFound: 'Cette page n’existe pas ici',
  notFoundWhy:
    'Vérifiez l’adresse. Les pages d’applications auxquelles vous n’avez pas accès n’existent pas non plus pour vous.',
  expired:
    'Votre session a pris fin. Rien n’a été modifié : connectez-vous et envoyez de nouveau le formulaire.',
  sentAlready:
    'Ce formulaire a déjà été envoyé et n’est pas accepté deux fois. Rechargez la page pour voir ce qu’il en est.',
  tooManyDownloads:
    'Deux téléchargements de cette session sont en cours. Attendez la fin de l’un d’eux.',
  tooManyDownloadsOfAll:
    'Trop de téléchargements sont en cours sur ce serveur. Réessayez dans un instant.',
  notNow: 'Ce n’est pas possible pour le moment. Réessayez dans un instant.',
  unsure:
    'Le serveur n’a pas pu le faire, ou pas jusqu’au bout. On ne sait pas si quelque chose a été modifié : rouvrez la page et vérifiez avant de renvoyer le formulaire.',
  openAgain: 'Rouvrir la page',
  foreignForm:
    'Le formulaire ne vient pas de ces pages ou est trop ancien. Rien n’a été modifié : rechargez la page et envoyez-le de nouveau.',
  notKept: 'Non conservé ici',
  noTrail:
    'La base de données de cet hôte ne tient pas de journal d’audit qui puisse être affiché ici. Les connexions et les modifications sont dans le journal du serveur.',
  noFigures:
    'La base de données de cet hôte ne conserve pas de chiffres sur les connexions : il n’y a donc pas de graphiques.',
  noWebhooks:
    'La base de données de cet hôte ne conserve pas de webhooks : les applications ne peuvent pas en avoir.',
  noBulk:
    'La base de données de cet hôte ne gère pas les modifications de plusieurs utilisateurs : ils se modifient un par un.',
  lacksPart: 'Il lui manque la partie {part} : voir docs/stores.md.',
}

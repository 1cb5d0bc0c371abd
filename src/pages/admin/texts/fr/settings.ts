import type { AdminTexts } from '../en'

export const SETTINGS: AdminTexts['settings'] = {
  title: 'Paramètres',
  about:
    'Ce qui est enregistré ici l’emporte sur la configuration du serveur. Un champ vide n’enregistre rien : c’est alors ce qui se trouve en dessous qui s’applique. Une modification s’applique dès la prochaine connexion, sur chaque serveur en moins de deux secondes.',
  groupKeys: 'Clés chez Amazon',
  groupTargets: 'Destination des utilisateurs',
  groupSafety: 'Sécurité',
  groupAmazon: 'Ce qui est demandé à Amazon',
  groupTokens: 'Utilisateurs et jetons',
  groupOthers: 'Sans signification ici',
  othersAbout:
    'L’application peut aussi conserver n’importe quels autres paramètres, en JSON ou en texte brut. Ce serveur n’en fait rien.',
  add: 'Un autre paramètre',
  addName: 'Nom',
  addValue: 'Valeur, en JSON ou en texte brut',
  notStored: 'Non enregistré',
  inForce: 'Valeur appliquée : {value}, enregistrée ici.',
  inForceApp: 'Valeur appliquée : {value}, de la configuration de cette application ({origin}).',
  inForceAll:
    'Valeur appliquée : {value}, de la configuration pour toutes les applications ({origin}).',
  inForceDefault: 'Valeur appliquée : {value}, par défaut.',
  nothingInForce: 'Aucune valeur ne s’applique.',
  beneathApp: 'À défaut : {value}, de la configuration de cette application ({origin}).',
  beneathAll: 'À défaut : {value}, de la configuration pour toutes les applications ({origin}).',
  beneathDefault: 'À défaut : {value}, valeur par défaut.',
  beneathNothing: 'À défaut, aucune valeur ne s’applique.',
  configuration: 'sur le serveur',
  secretSet: 'défini',
  secretNew:
    'Laissez le champ vide pour garder la valeur enregistrée ; elle n’est jamais affichée.',
  secretFirst: 'La valeur ne sera plus jamais affichée.',
  secretRemove: 'Retirer la valeur enregistrée',
  secretBoth: 'Indiquez une nouvelle valeur ou retirez celle qui est enregistrée : pas les deux.',
  secretAgain: 'Les secrets ne sont pas gardés dans la page : saisissez-le de nouveau.',
  unreadable:
    'Aucune clé maîtresse de ce serveur n’ouvre ce qui est enregistré : personne ne peut donc se connecter à cette application. Remplacez ou retirez la valeur, ou donnez au serveur la clé avec laquelle elle a été chiffrée.',
  json: 'Ce doit être du JSON.',
  nameTaken: 'Un paramètre de ce nom existe déjà : modifiez-le plus haut.',
  nameMissing: 'Donnez un nom au paramètre.',
  problems: 'Rien n’a été enregistré. Champs à corriger : {count}.',
  conflict:
    'Rien n’a été enregistré : quelqu’un d’autre a modifié ce qui est signalé ci-dessous depuis que vous avez ouvert cette page. Enregistrez de nouveau pour y mettre vos valeurs.',
  conflictNow: 'Modifié entre-temps. Ce qui est enregistré maintenant : {value}',
  conflictGone: 'Modifié entre-temps. Plus rien n’est enregistré.',
  partly:
    'Enregistré, sauf ce qui est signalé ci-dessous : quelqu’un d’autre l’a modifié au même instant. Enregistrez de nouveau pour y mettre vos valeurs.',
  saved: 'Enregistré. Paramètres modifiés : {count}.',
  nothing: 'Rien n’a été modifié.',
  remark: 'Remarque',
  danger: 'Désactiver ou supprimer cette application',
  names: {
    az_app_id: 'ID client',
    az_secret: 'Secret client',
    az_client_ids: 'Autres ID client',
    az_device_app_id: 'ID client pour les appareils',
    az_device_secret: 'Secret client pour les appareils',
    signin_success: 'Après la connexion',
    signin_failure: 'Après une connexion échouée',
    public_url: 'Adresse publique',
    'security.app_schemes': 'Schémas d’applications mobiles',
    'security.hosturl_aliases': 'Autres frontaux',
    'security.strict': 'Toujours le choix le plus sûr',
    'security.link_by_email': 'Une adresse e-mail connue reprend l’utilisateur',
    'amazon.region': 'Région d’Amazon',
    'amazon.scope': 'Scopes',
    'amazon.voluntary_scope': 'Scopes facultatifs',
    'amazon.keep_tokens': 'Conserver les jetons d’Amazon',
    'amazon.on_revoked': 'Si le consentement est retiré',
    claims: 'Claims',
    session_timeout: 'Durée d’un jeton de session',
    one_session_per_user: 'Une session par utilisateur',
    app_secret_key: 'Clé de son back-end',
  },
  help: {
    az_app_id:
      'L’ID client du profil de sécurité de l’application, de la console Login with Amazon (amzn1.application-oa2-client. et la suite). Il faut aussi le secret client.',
    az_secret: 'Le secret client qui va avec l’ID client, au même endroit.',
    az_client_ids:
      'ID client des applications Android et iOS du même profil de sécurité, séparés par des virgules : leurs jetons d’accès permettent aussi de se connecter ici.',
    az_device_app_id:
      'Amazon donne aux téléviseurs et autres appareils un ID client qui leur est propre. Si vide : l’ID client ci-dessus.',
    az_device_secret:
      'Un secret qui va avec. En règle générale, Amazon n’en donne pas aux appareils.',
    signin_success:
      'Un chemin ou une adresse. jwt=id y devient un jeton valable une minute, jwt=? un jeton de session ; sans l’un ni l’autre, le navigateur reçoit une session.',
    signin_failure: 'Un chemin ou une adresse. cause=? y devient le motif.',
    public_url:
      'L’adresse à laquelle les navigateurs atteignent ce serveur pour cette application, comme https://auth.example.com. L’adresse de retour commence par elle.',
    'security.app_schemes':
      'Schémas vers lesquels les deux adresses ci-dessus peuvent mener, séparés par des virgules : myapp pour myapp://signed-in.',
    'security.hosturl_aliases':
      'Origines d’autres frontaux, séparées par des virgules, comme https://m.example.com : une connexion peut demander à se terminer sur l’un d’eux.',
    'security.strict':
      'Les jetons et les modifications signées ne servent qu’une fois, une connexion exige son propre cookie, et plus encore : plus sûr, et plus strict que Para.',
    'security.link_by_email':
      'Un nouveau compte Amazon avec l’adresse e-mail d’un utilisateur connu devient cet utilisateur, comme dans Para. Qui met la main sur une ancienne adresse e-mail obtient l’utilisateur.',
    'amazon.region':
      'Où les utilisateurs de cette application ont leur compte : na (Amérique du Nord), eu (Europe) ou fe (Extrême-Orient).',
    'amazon.scope':
      'Ce que l’application demande à Amazon, séparé par des espaces : profile, postal_code.',
    'amazon.voluntary_scope':
      'Ce qu’elle demande en plus, et que l’on peut refuser sur la page d’Amazon.',
    'amazon.keep_tokens':
      'Les jetons Amazon des utilisateurs sont conservés chiffrés et renouvelés, pour que l’application puisse appeler Amazon en leur nom. La désactivation supprime ceux qui sont conservés.',
    'amazon.on_revoked':
      'keep ne change rien ; sign_out met fin aux sessions et aux jetons d’un utilisateur qui a retiré son consentement chez Amazon.',
    claims:
      'D’où viennent les champs des utilisateurs et les claims des jetons d’identité, sous forme d’objet JSON comme {"displayName": "name"}.',
    session_timeout: 'Des secondes, ou un texte comme 12 hours.',
    one_session_per_user: 'Un nouveau jeton de session met fin aux précédents de l’utilisateur.',
    app_secret_key:
      'Signe les jetons par lesquels le back-end de l’application connecte les utilisateurs. Au moins 32 caractères.',
  },
}

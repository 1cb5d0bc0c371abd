import type { Texts } from './en'

export const ES = {
  lang: 'es',
  dir: 'ltr',
  signIn: 'Iniciar sesión con Amazon',
  signedIn: 'Sesión iniciada',
  signedInAs: 'Ha iniciado sesión en {app} como {name}.',
  notSignedIn: 'No ha iniciado sesión',
  signInElsewhere:
    'Para iniciar sesión, abra la página de la aplicación que desea usar e iníciela desde allí.',
  forOperators: '¿Administra usted este servicio?',
  makeApp: 'Cree una aplicación: {command}.',
  openApp: 'En ella se inicia sesión en {address}.',
  signOut: 'Cerrar sesión',
  signOutAsked: '¿Desea cerrar la sesión?',
  signOutEverywhereAsked: '¿Desea cerrar la sesión en todos sus dispositivos?',
  signOutFailed: 'No se ha podido cerrar la sesión',
  failed: 'No se ha iniciado la sesión',
  failedTo: 'No se ha iniciado la sesión en {app}',
  tryAgain: 'Volver a intentarlo',
  tryLater: 'Vuelva a intentarlo dentro de un momento.',
  startAgain: 'Vuelva a la página anterior e inténtelo de nuevo.',
  notFound: 'Esta página no existe',
  checkAddress: 'Compruebe la dirección o vuelva a la página anterior.',
  wentWrong: 'Se ha producido un error',
  device: {
    title: 'Iniciar sesión en {app}',
    enter: 'En el teléfono u ordenador, abra {address} e introduzca este código:',
    scan: 'O abra la dirección con la cámara del teléfono:',
    picture: 'Imagen (código QR) de la dirección',
    left: 'El código es válido durante {time} minutos más.',
    goesOn: 'Cuando lo haya permitido, esta página continuará por sí sola.',
    renewed: 'El código anterior ha caducado: este es nuevo.',
  },
  failures: {
    refused: 'El inicio de sesión no se ha aceptado.',
    denied:
      'No ha permitido que Amazon comunique quién es usted, así que no se ha iniciado sesión.',
    late: 'Este inicio de sesión ha tardado demasiado o se empezó en otro navegador u otra ventana. Empiece de nuevo.',
    incomplete:
      'La dirección que se ha abierto no corresponde a un inicio de sesión completo. Empiece de nuevo.',
    notSetUp:
      'El inicio de sesión con Amazon no está bien configurado aquí. Solo pueden arreglarlo quienes administran este servicio.',
    amazonBusy:
      'No se puede contactar con Amazon o está sobrecargado. Vuelva a intentarlo dentro de un momento.',
    ours: 'Este servicio no puede iniciar su sesión ahora mismo. Vuelva a intentarlo dentro de un momento.',
    tooMany: 'Demasiados intentos. Vuelva a intentarlo dentro de un minuto.',
  },
} satisfies Texts

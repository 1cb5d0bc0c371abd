import type { AdminTexts } from '../en'

export const SIGN_IN: AdminTexts['signIn'] = {
  title: 'Iniciar sesión como operador',
  about:
    'Con las claves de la aplicación raíz verá todas las aplicaciones; con las de otra aplicación, solo esa. Se cambian por una sesión de este navegador y no se guardan.',
  accessKey: 'Clave de acceso',
  accessKeyHelp: 'Por ejemplo, app:{app}',
  secretKey: 'Clave secreta',
  signIn: 'Iniciar sesión',
  refused: 'Estas no son las claves de una aplicación activada.',
  noCookies:
    'Esta página dio a su navegador una cookie que no ha vuelto, así que la sesión no se podría mantener. Permita las cookies, abra la página en la dirección que tiene el servidor (con https, si es https) y haga que los proxies intermedios dejen pasar las cookies.',
  tooMany: 'Se han rechazado demasiadas claves. Segundos de espera: {seconds}.',
  byAmazon: 'O con su cuenta de Amazon',
  byAmazonSignIn: 'Iniciar sesión con Amazon',
  goOn: 'Continuar como {name}',
  notListed:
    'Ha iniciado sesión como {name}, que no es operador. Para que esta cuenta lo sea, añada {identifier} a admin.identifiers en la configuración.',
  signedOut: 'Ha cerrado la sesión.',
}

import type { AdminTexts } from '../en'

export const SETTINGS: AdminTexts['settings'] = {
  title: 'Ajustes',
  about:
    'Lo que se guarda aquí tiene prioridad sobre la configuración del servidor. Un campo vacío no guarda nada: entonces se aplica lo que hay debajo. Un cambio se aplica desde el siguiente inicio de sesión, en todos los servidores en menos de dos segundos.',
  groupKeys: 'Claves en Amazon',
  groupTargets: 'Adónde van los usuarios',
  groupSafety: 'Seguridad',
  groupAmazon: 'Lo que se pide a Amazon',
  groupTokens: 'Usuarios y tokens',
  groupOthers: 'Sin significado aquí',
  othersAbout:
    'La aplicación puede guardar cualquier otro ajuste, como JSON o texto sin formato. Este servidor no lo interpreta.',
  add: 'Otro ajuste',
  addName: 'Nombre',
  addValue: 'Valor, como JSON o texto sin formato',
  notStored: 'No guardado',
  inForce: 'Se aplica: {value}, tal como está guardado aquí.',
  inForceApp: 'Se aplica: {value}, de la configuración de esta aplicación ({origin}).',
  inForceAll: 'Se aplica: {value}, de la configuración para todas las aplicaciones ({origin}).',
  inForceDefault: 'Se aplica: {value}, el valor predeterminado.',
  nothingInForce: 'No se aplica ningún valor.',
  beneathApp: 'Si falta: {value}, de la configuración de esta aplicación ({origin}).',
  beneathAll: 'Si falta: {value}, de la configuración para todas las aplicaciones ({origin}).',
  beneathDefault: 'Si falta: {value}, el valor predeterminado.',
  beneathNothing: 'Si falta, no se aplica ningún valor.',
  configuration: 'en el servidor',
  secretSet: 'definido',
  secretNew: 'Déjelo vacío para conservar el valor guardado; nunca se muestra.',
  secretFirst: 'El valor no se volverá a mostrar.',
  secretRemove: 'Quitar el valor guardado',
  secretBoth: 'Indique un valor nuevo o quite el guardado: no ambas cosas.',
  secretAgain: 'Los secretos no se conservan en la página: introdúzcalo de nuevo.',
  unreadable:
    'Ninguna clave maestra de este servidor abre lo que está guardado, así que nadie puede iniciar sesión en esta aplicación. Sustituya o quite el valor, o dé al servidor la clave con la que se cifró.',
  json: 'Tiene que ser JSON.',
  nameTaken: 'Ya hay un ajuste con este nombre: cámbielo más arriba.',
  nameMissing: 'Dé un nombre al ajuste.',
  problems: 'No se ha guardado nada. Campos por corregir: {count}.',
  conflict:
    'No se ha guardado nada: otra persona ha cambiado lo que está marcado abajo desde que abrió esta página. Guarde de nuevo para poner sus valores en su lugar.',
  conflictNow: 'Cambiado entretanto. Lo que está guardado ahora: {value}',
  conflictGone: 'Cambiado entretanto. Ya no hay nada guardado.',
  partly:
    'Guardado, salvo lo que está marcado abajo: otra persona lo ha cambiado en el mismo momento. Guarde de nuevo para poner sus valores en su lugar.',
  saved: 'Guardado. Ajustes cambiados: {count}.',
  nothing: 'No se ha cambiado nada.',
  remark: 'Nota',
  danger: 'Desactivar o eliminar esta aplicación',
  names: {
    az_app_id: 'ID de cliente',
    az_secret: 'Secreto de cliente',
    az_client_ids: 'Otros ID de cliente',
    az_device_app_id: 'ID de cliente para dispositivos',
    az_device_secret: 'Secreto de cliente para dispositivos',
    signin_success: 'Tras iniciar sesión',
    signin_failure: 'Tras un inicio de sesión fallido',
    public_url: 'Dirección pública',
    'security.app_schemes': 'Esquemas de aplicaciones móviles',
    'security.hosturl_aliases': 'Otros front-ends',
    'security.strict': 'Siempre la opción más segura',
    'security.link_by_email': 'Un correo conocido se queda con el usuario',
    'amazon.region': 'Región de Amazon',
    'amazon.scope': 'Scopes',
    'amazon.voluntary_scope': 'Scopes voluntarios',
    'amazon.keep_tokens': 'Guardar los tokens de Amazon',
    'amazon.on_revoked': 'Al retirarse el consentimiento',
    claims: 'Claims',
    session_timeout: 'Duración de un token de sesión',
    one_session_per_user: 'Una sesión por usuario',
    app_secret_key: 'Clave de su back-end',
  },
  help: {
    az_app_id:
      'El ID de cliente del perfil de seguridad de la aplicación, de la consola de Login with Amazon (amzn1.application-oa2-client. y lo que sigue). También hace falta el secreto de cliente.',
    az_secret: 'El secreto que corresponde al ID de cliente, del mismo lugar.',
    az_client_ids:
      'ID de cliente de las aplicaciones para Android e iOS del mismo perfil de seguridad, separados por comas: sus tokens de acceso también inician sesión aquí.',
    az_device_app_id:
      'Amazon da a televisores y otros dispositivos un ID de cliente propio. Si está vacío: el ID de cliente de arriba.',
    az_device_secret:
      'Un secreto que le corresponde. Por regla general, Amazon no da ninguno a los dispositivos.',
    signin_success:
      'Una ruta o una dirección. En ella, jwt=id se convierte en un token válido un minuto, y jwt=? en un token de sesión; sin ninguno de los dos, el navegador recibe una sesión.',
    signin_failure: 'Una ruta o una dirección. En ella, cause=? se convierte en el motivo.',
    public_url:
      'La dirección en la que los navegadores llegan a este servidor para esta aplicación, como https://auth.example.com. La dirección de retorno empieza por ella.',
    'security.app_schemes':
      'Esquemas a los que pueden llevar las dos direcciones de arriba, separados por comas: myapp para myapp://signed-in.',
    'security.hosturl_aliases':
      'Orígenes de otros front-ends, separados por comas, como https://m.example.com: un inicio de sesión puede pedir terminar en uno de ellos.',
    'security.strict':
      'Los tokens y los cambios firmados valen para un solo uso, un inicio de sesión necesita su propia cookie, y más: más seguro y más estricto que Para.',
    'security.link_by_email':
      'Una cuenta nueva de Amazon con el correo de un usuario conocido pasa a ser ese usuario, como en Para. Quien se haga con un correo antiguo se queda con el usuario.',
    'amazon.region':
      'Dónde tienen su cuenta los usuarios de esta aplicación: na (Norteamérica), eu (Europa) o fe (Extremo Oriente).',
    'amazon.scope':
      'Lo que la aplicación pide a Amazon, separado por espacios: profile, postal_code.',
    'amazon.voluntary_scope': 'Lo que pide además, y que se puede omitir en la página de Amazon.',
    'amazon.keep_tokens':
      'Los tokens de Amazon de los usuarios se guardan cifrados y se renuevan, para que la aplicación pueda llamar a Amazon en su nombre. Al desactivarlo se eliminan los guardados.',
    'amazon.on_revoked':
      'keep no cambia nada; sign_out termina las sesiones y los tokens de un usuario que ha retirado el consentimiento en Amazon.',
    claims:
      'De dónde salen los campos de los usuarios y los claims de los tokens de identidad, como un objeto JSON del tipo {"displayName": "name"}.',
    session_timeout: 'Segundos, o un texto como 12 hours.',
    one_session_per_user: 'Un token de sesión nuevo termina los anteriores del usuario.',
    app_secret_key:
      'Firma los tokens con los que el back-end de la aplicación inicia la sesión de los usuarios. Al menos 32 caracteres.',
  },
}

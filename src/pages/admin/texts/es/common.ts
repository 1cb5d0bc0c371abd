import type { AdminTexts } from '../en'

export const COMMON: AdminTexts['common'] = {
  title: 'Operadores',
  skip: 'Ir al contenido',
  sections: 'Secciones',
  pages: 'Páginas de esta aplicación',
  overview: 'Resumen',
  apps: 'Aplicaciones',
  signIns: 'Inicios de sesión',
  changes: 'Cambios',
  users: 'Usuarios',
  webhooks: 'Webhooks',
  settings: 'Ajustes',
  keys: 'Claves',
  setUp: 'Configuración',
  doctor: 'Diagnóstico',
  operator: 'Sesión iniciada como {name}',
  signOut: 'Cerrar sesión',
  goOn: 'Continuar',
  save: 'Guardar',
  cancel: 'Cancelar',
  back: 'Volver',
  search: 'Buscar',
  copy: 'Copiar',
  copied: 'Copiado',
  next: 'Página siguiente',
  previous: 'Página anterior',
  first: 'Primera página',
  yes: 'Sí',
  no: 'No',
  on: 'Activado',
  off: 'Desactivado',
  none: 'Ninguno',
  never: 'Nunca',
  utc: 'Las horas están en UTC.',
  problem: 'No se ha podido completar la operación',
  notFound: 'Esta página no existe aquí',
  notFoundWhy:
    'Compruebe la dirección. Las páginas de aplicaciones que no puede ver tampoco existen para usted.',
  expired:
    'Su sesión ha terminado. No se ha cambiado nada: inicie sesión y envíe el formulario de nuevo.',
  sentAlready:
    'Este formulario ya se ha enviado y no se acepta dos veces. Vuelva a cargar la página para ver qué ha resultado.',
  tooManyDownloads:
    'Ya hay dos descargas de esta sesión en curso. Espere a que termine una de ellas.',
  tooManyDownloadsOfAll:
    'Hay demasiadas descargas en curso en este servidor. Vuelva a intentarlo en un momento.',
  notNow: 'Ahora mismo no es posible. Vuelva a intentarlo en un momento.',
  unsure:
    'El servidor no ha podido hacerlo, o no del todo. No se sabe si se ha cambiado algo: abra la página de nuevo y compruébelo antes de volver a enviarlo.',
  openAgain: 'Abrir la página de nuevo',
  foreignForm:
    'El formulario no procede de estas páginas o es demasiado antiguo. No se ha cambiado nada: vuelva a cargar la página y envíelo otra vez.',
  notKept: 'No se guarda aquí',
  noTrail:
    'La base de datos de este host no lleva un registro de auditoría que se pueda mostrar aquí. Los inicios de sesión y los cambios están en el log.',
  noFigures:
    'La base de datos de este host no guarda cifras de los inicios de sesión, así que no hay gráficos.',
  noWebhooks:
    'La base de datos de este host no guarda webhooks, así que las aplicaciones no pueden tenerlos.',
  noBulk:
    'La base de datos de este host no admite cambios de muchos usuarios: se cambian uno por uno.',
  lacksPart: 'Le falta la parte {part}: véase docs/stores.md.',
}

import type { Texts } from './en'

/** In words that are right in Brazil and in Portugal. */
export const PT = {
  lang: 'pt',
  dir: 'ltr',
  signIn: 'Entrar com a Amazon',
  signedIn: 'Sessão iniciada',
  signedInAs: 'Sessão iniciada em {app} como {name}.',
  notSignedIn: 'Sessão não iniciada',
  signInElsewhere:
    'Para entrar, abra a página do app que deseja usar e inicie a sessão a partir dela.',
  forOperators: 'É responsável por este serviço?',
  makeApp: 'Crie um app: {command}.',
  openApp: 'O endereço para entrar nele é {address}.',
  signOut: 'Sair',
  signOutAsked: 'Deseja sair?',
  signOutEverywhereAsked: 'Deseja sair em todos os seus dispositivos?',
  signOutFailed: 'Não foi possível sair',
  failed: 'A sessão não foi iniciada',
  failedTo: 'A sessão não foi iniciada em {app}',
  tryAgain: 'Tentar novamente',
  tryLater: 'Tente novamente dentro de instantes.',
  startAgain: 'Volte à página anterior e tente novamente.',
  notFound: 'Esta página não existe',
  checkAddress: 'Confira o endereço ou volte à página anterior.',
  wentWrong: 'Ocorreu um erro',
  device: {
    title: 'Iniciar sessão em {app}',
    enter: 'No celular ou computador, abra {address} e digite este código:',
    scan: 'Ou abra o endereço com a câmera do celular:',
    picture: 'Imagem (código QR) do endereço',
    left: 'O código é válido por mais {time} minutos.',
    goesOn: 'Quando você permitir, esta página continuará sozinha.',
    renewed: 'O código anterior expirou: este é novo.',
  },
  failures: {
    refused: 'O início de sessão não foi autorizado.',
    denied:
      'A Amazon não recebeu permissão para informar a sua identidade; por isso, a sessão não foi iniciada.',
    late: 'Este início de sessão demorou demais ou começou em outro navegador ou outra janela. Comece novamente.',
    incomplete:
      'O endereço aberto não corresponde a um início de sessão completo. Comece novamente.',
    notSetUp:
      'O início de sessão com a Amazon não está configurado corretamente aqui. Só os responsáveis por este serviço podem corrigir isso.',
    amazonBusy:
      'A Amazon não responde ou está sobrecarregada. Tente novamente dentro de instantes.',
    ours: 'Neste momento, este serviço não consegue iniciar a sua sessão. Tente novamente dentro de instantes.',
    tooMany: 'Demasiadas tentativas. Tente novamente dentro de um minuto.',
  },
} satisfies Texts

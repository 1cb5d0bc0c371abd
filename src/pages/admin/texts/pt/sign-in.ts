import type { AdminTexts } from '../en'

export const SIGN_IN: AdminTexts['signIn'] = {
  title: 'Entrar como administrador',
  about:
    'Com as chaves do app raiz, vê todos os apps; com as de outro app, apenas esse. Elas são trocadas por uma sessão deste navegador e não são guardadas.',
  accessKey: 'Chave de acesso',
  accessKeyHelp: 'Por exemplo, app:{app}',
  secretKey: 'Chave secreta',
  signIn: 'Entrar',
  refused: 'Estas não são as chaves de um app ativo.',
  noCookies:
    'Esta página deu ao navegador um cookie que não voltou, por isso a sessão não poderia ser mantida. Permita cookies, abra a página no endereço do servidor (com https, se for https) e faça com que os proxies intermédios deixem passar os cookies.',
  tooMany: 'Demasiadas chaves recusadas. Segundos de espera: {seconds}.',
  byAmazon: 'Ou com a sua conta da Amazon',
  byAmazonSignIn: 'Entrar com a Amazon',
  goOn: 'Continuar como {name}',
  notListed:
    'A sessão foi iniciada como {name}, que não é administrador. Para que passe a ser, coloque {identifier} em admin.identifiers na configuração.',
  signedOut: 'A sessão foi encerrada.',
}

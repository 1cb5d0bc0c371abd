import type { AdminTexts } from '../en'

export const SIGN_IN: AdminTexts['signIn'] = {
  title: '運営者としてログイン',
  about:
    'ルートアプリのキーではすべてのアプリを、それ以外のアプリのキーではそのアプリだけを表示できます。キーはこのブラウザーのセッションの開始にだけ使われ、保存されません。',
  accessKey: 'アクセスキー',
  accessKeyHelp: '例：app:{app}',
  secretKey: 'シークレットキー',
  signIn: 'ログイン',
  refused: '有効なアプリのキーではありません。',
  noCookies:
    'このページがブラウザに渡したCookieが戻ってこなかったため、ログイン状態を保てません。Cookieを許可し、サーバーのアドレス（httpsの場合はhttps）でページを開き、途中のプロキシがCookieを通すようにしてください。',
  tooMany: '正しくないキーの入力が多すぎます。再試行までの秒数：{seconds}。',
  byAmazon: 'または、Amazonアカウントでログイン',
  byAmazonSignIn: 'Amazonでログイン',
  goOn: '{name}として続ける',
  notListed:
    '{name}としてログインしていますが、運営者として登録されていません。運営者にするには、設定ファイルのadmin.identifiersに{identifier}を追加してください。',
  signedOut: 'ログアウトしました。',
}

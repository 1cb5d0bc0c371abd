import type { Texts } from './en'

export const JA = {
  lang: 'ja',
  dir: 'ltr',
  signIn: 'Amazonでログイン',
  signedIn: 'ログインしました',
  signedInAs: '{name}として{app}にログインしています。',
  notSignedIn: 'ログインしていません',
  signInElsewhere:
    'ログインするには、ご利用になるアプリのページを開き、そこからログインしてください。',
  forOperators: 'このサービスを運営されている方へ',
  makeApp: 'アプリを作成してください：{command}。',
  openApp: 'そのアプリへのログインは{address}から行えます。',
  signOut: 'ログアウト',
  signOutAsked: 'ログアウトしますか？',
  signOutEverywhereAsked: 'すべての端末でログアウトしますか？',
  signOutFailed: 'ログアウトできませんでした',
  failed: 'ログインできませんでした',
  failedTo: '{app}にログインできませんでした',
  tryAgain: 'もう一度試す',
  tryLater: 'しばらくしてから、もう一度お試しください。',
  startAgain: '前のページに戻って、もう一度お試しください。',
  notFound: 'ページが見つかりません',
  checkAddress: 'アドレスをご確認いただくか、前のページにお戻りください。',
  wentWrong: '問題が発生しました',
  device: {
    title: '{app} にログイン',
    enter: 'スマートフォンまたはパソコンで {address} を開き、次のコードを入力してください：',
    scan: 'または、スマートフォンのカメラでアドレスを開いてください：',
    picture: 'アドレスの画像（QR コード）',
    left: 'コードはあと {time} 分間有効です。',
    goesOn: '許可すると、このページは自動的に次へ進みます。',
    renewed: '前のコードは期限切れです。これは新しいコードです。',
  },
  failures: {
    refused: 'ログインは受け付けられませんでした。',
    denied: 'Amazonによるお客様情報の提供が許可されなかったため、ログインは行われませんでした。',
    late: 'ログインに時間がかかりすぎたか、別のブラウザーまたはウィンドウで開始されています。最初からやり直してください。',
    incomplete: '開かれたアドレスではログインを完了できません。最初からやり直してください。',
    notSetUp:
      'Amazonでのログインが正しく設定されていません。このサービスの運営者による修正が必要です。',
    amazonBusy:
      'Amazonに接続できないか、混み合っています。しばらくしてから、もう一度お試しください。',
    ours: '現在、このサービスではログインできません。しばらくしてから、もう一度お試しください。',
    tooMany: '試行回数が多すぎます。1分ほど待ってから、もう一度お試しください。',
  },
} satisfies Texts

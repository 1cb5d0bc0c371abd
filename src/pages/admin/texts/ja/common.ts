import type { AdminTexts } from '../en'

export const COMMON: AdminTexts['common'] = {
  title: '運営者',
  skip: '本文へ移動',
  sections: 'セクション',
  pages: 'このアプリのページ',
  overview: '概要',
  apps: 'アプリ',
  signIns: 'ログイン',
  changes: '変更履歴',
  users: 'ユーザー',
  webhooks: 'Webhook',
  settings: '設定',
  keys: 'キー',
  setUp: 'セットアップ',
  doctor: '診断',
  operator: '{name}としてログイン中',
  signOut: 'ログアウト',
  goOn: '続ける',
  save: '保存',
  cancel: 'キャンセル',
  back: '戻る',
  search: '検索',
  copy: 'コピー',
  copied: 'コピーしました',
  next: '次のページ',
  previous: '前のページ',
  first: '最初のページ',
  yes: 'はい',
  no: 'いいえ',
  on: 'オン',
  off: 'オフ',
  none: 'なし',
  never: 'なし',
  utc: '時刻はUTCです。',
  problem: '処理できませんでした',
  notFound: 'ページが見つかりません',
  notFoundWhy:
    'アドレスをご確認ください。閲覧権限のないアプリのページも、存在しないものとして扱われます。',
  expired:
    'セッションが終了しました。何も変更されていません。ログインしてから、もう一度送信してください。',
  sentAlready:
    'このフォームはすでに送信されており、二重には受け付けられません。結果を確認するには、ページを読み込み直してください。',
  tooManyDownloads:
    'このセッションではすでに2件のダウンロードが進行中です。どちらかが終わるまでお待ちください。',
  tooManyDownloadsOfAll:
    'このサーバーでは進行中のダウンロードが多すぎます。しばらくしてからもう一度お試しください。',
  notNow: '現在は実行できません。しばらくしてからもう一度お試しください。',
  unsure:
    'サーバーで処理できなかったか、最後まで完了しませんでした。変更されたかどうかは不明です。もう一度送信する前に、ページを開き直して確認してください。',
  openAgain: 'ページを開き直す',
  foreignForm:
    'フォームがこのページから送信されたものではないか、古すぎます。何も変更されていません。ページを再読み込みして、もう一度送信してください。',
  notKept: 'ここには保存されていません',
  noTrail:
    'このホストのデータストアには、ここに表示できる監査ログがありません。ログインと変更はサーバーのログに記録されています。',
  noFigures: 'このホストのデータストアはログインの統計を保存しないため、グラフはありません。',
  noWebhooks:
    'このホストのデータストアはWebhookを保存しないため、アプリにWebhookを追加できません。',
  noBulk:
    'このホストのデータストアは複数ユーザーの一括変更に対応していません。ユーザーは1人ずつ変更してください。',
  lacksPart: '{part}の部分がありません。docs/stores.mdを参照してください。',
}

import type { AdminTexts } from '../en'

export const SETTINGS: AdminTexts['settings'] = {
  title: '設定',
  about:
    'ここに保存した値は、サーバーの設定ファイルより優先されます。空欄の項目は保存されず、下位の設定が有効になります。変更は次のログインから有効になり、2秒以内にすべてのサーバーに反映されます。',
  groupKeys: 'Amazonのキー',
  groupTargets: '移動先',
  groupSafety: 'セキュリティ',
  groupAmazon: 'Amazonに求める内容',
  groupTokens: 'ユーザーとトークン',
  groupOthers: 'このサーバーが使わない設定',
  othersAbout:
    'アプリはそれ以外の設定もJSONまたはテキストとして保存できます。このサーバーはそれらを使用しません。',
  add: '設定を追加',
  addName: '名前',
  addValue: '値（JSONまたはテキスト）',
  notStored: '未保存',
  inForce: '有効な値：{value}（ここに保存された値）。',
  inForceApp: '有効な値：{value}（このアプリの設定ファイル、{origin}）。',
  inForceAll: '有効な値：{value}（全アプリ共通の設定ファイル、{origin}）。',
  inForceDefault: '有効な値：{value}（既定値）。',
  nothingInForce: '有効な値はありません。',
  beneathApp: '保存しない場合：{value}（このアプリの設定ファイル、{origin}）。',
  beneathAll: '保存しない場合：{value}（全アプリ共通の設定ファイル、{origin}）。',
  beneathDefault: '保存しない場合：{value}（既定値）。',
  beneathNothing: '保存しない場合、有効な値はありません。',
  configuration: 'サーバー上',
  secretSet: '設定済み',
  secretNew: '新しい値。保存済みの値を残す場合は空欄にします。値が表示されることはありません。',
  secretFirst: '保存した値が再び表示されることはありません。',
  secretRemove: '保存済みの値を削除',
  secretBoth: '新しい値の入力と保存済みの値の削除は、どちらか一方だけを行ってください。',
  secretAgain: 'シークレットはページに残りません。もう一度入力してください。',
  unreadable:
    'このサーバーのどのマスターキーでも保存済みの値を復号できないため、誰もこのアプリにログインできません。値を置き換えるか削除するか、または暗号化に使われたキーをサーバーに設定してください。',
  json: 'JSONで入力してください。',
  nameTaken: 'この名前の設定はすでにあります。上で変更してください。',
  nameMissing: '設定の名前を入力してください。',
  problems: '何も保存されていません。修正が必要な項目：{count}。',
  conflict:
    '何も保存されていません。このページを開いた後に、以下の印の付いた項目がほかの人によって変更されました。もう一度保存すると、入力した値に置き換わります。',
  conflictNow: 'この間に変更されました。現在保存されている値：{value}',
  conflictGone: 'この間に変更されました。保存されている値はもうありません。',
  partly:
    '以下の印の付いた項目を除いて保存しました。印の付いた項目は、同時にほかの人によって変更されました。もう一度保存すると、入力した値に置き換わります。',
  saved: '保存しました。変更した設定：{count}。',
  nothing: '変更はありません。',
  remark: '注意',
  danger: 'このアプリをオフにする・削除する',
  names: {
    az_app_id: 'クライアントID',
    az_secret: 'クライアントシークレット',
    az_client_ids: '追加のクライアントID',
    az_device_app_id: 'デバイス用クライアントID',
    az_device_secret: 'デバイス用クライアントシークレット',
    signin_success: 'ログイン後の移動先',
    signin_failure: 'ログイン失敗時の移動先',
    public_url: '公開アドレス',
    'security.app_schemes': 'モバイルアプリのスキーム',
    'security.hosturl_aliases': '追加のフロントエンド',
    'security.strict': 'より安全な動作をすべて有効化',
    'security.link_by_email': '同じメールアドレスのユーザーに紐付け',
    'amazon.region': 'Amazonのリージョン',
    'amazon.scope': 'スコープ',
    'amazon.voluntary_scope': '任意のスコープ',
    'amazon.keep_tokens': 'Amazonのトークンを保存',
    'amazon.on_revoked': '同意が取り消されたとき',
    claims: 'クレーム',
    session_timeout: 'セッショントークンの有効期間',
    one_session_per_user: '1ユーザー1セッション',
    app_secret_key: 'バックエンドのキー',
  },
  help: {
    az_app_id:
      'アプリのSecurity ProfileのクライアントID（amzn1.application-oa2-client.で始まる値）。Login with Amazonコンソールで確認できます。クライアントシークレットも必要です。',
    az_secret: 'クライアントIDに対応するクライアントシークレット。同じ画面で確認できます。',
    az_client_ids:
      '同じSecurity ProfileのAndroidアプリとiOSアプリのクライアントID（カンマ区切り）。それらのアクセストークンでもログインできるようになります。',
    az_device_app_id:
      'Amazonは、テレビなどのデバイスに専用のクライアントIDを発行します。空欄の場合は上のクライアントIDが使われます。',
    az_device_secret: 'そのIDに対応するシークレット。通常、Amazonはデバイス用には発行しません。',
    signin_success:
      'パスまたはアドレス。jwt=idは1分間有効なトークンに、jwt=?はセッショントークンに置き換わります。どちらも含まない場合は、ブラウザーのセッションが開始されます。',
    signin_failure: 'パスまたはアドレス。cause=?は失敗の理由に置き換わります。',
    public_url:
      'このアプリで、ブラウザーからこのサーバーにアクセスするアドレス（例：https://auth.example.com）。戻り先アドレスはこれで始まります。',
    'security.app_schemes':
      '上の2つのアドレスで使用できるスキーム（カンマ区切り）。例：myapp://signed-inの場合はmyapp。',
    'security.hosturl_aliases':
      '追加のフロントエンドのオリジン（カンマ区切り）。例：https://m.example.com。ログインの完了後に、そのいずれかに移動するよう指定できます。',
    'security.strict':
      'トークンと署名付きの変更は1回しか使えず、ログインごとに専用のCookieが必要になるなど、より安全になりますが、Paraよりも制限が厳しくなります。',
    'security.link_by_email':
      'Paraと同様に、既知のユーザーと同じメールアドレスを持つ新しいAmazonアカウントは、そのユーザーとして扱われます。古いメールアドレスを手に入れた人は、そのユーザーになれてしまいます。',
    'amazon.region':
      'このアプリのユーザーのアカウントがある地域：na（北米）、eu（ヨーロッパ）、fe（極東）。',
    'amazon.scope': 'アプリがAmazonに求めるスコープ（スペース区切り）：profile、postal_code。',
    'amazon.voluntary_scope':
      '追加で求めるスコープのうち、ユーザーがAmazonの画面で許可しないことを選べるもの。',
    'amazon.keep_tokens':
      'ユーザーのAmazonのトークンを暗号化して保存、更新し、アプリがユーザーの代わりにAmazonを呼び出せるようにします。オフにすると、保存済みのトークンは削除されます。',
    'amazon.on_revoked':
      'keepでは何も変わりません。sign_outでは、Amazonで同意を取り消したユーザーのセッションとトークンを終了します。',
    claims:
      'ユーザーの項目とIDトークンのクレームの取得元。JSONオブジェクトで指定します（例：{"displayName": "name"}）。',
    session_timeout: '秒数、または12 hoursのような文字列。',
    one_session_per_user:
      '新しいセッショントークンを発行すると、そのユーザーの古いトークンは終了します。',
    app_secret_key:
      'アプリ独自のバックエンドがユーザーをログインさせるトークンの署名に使うキー。32文字以上が必要です。',
  },
}

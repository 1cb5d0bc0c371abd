import type { AdminTexts } from '../en'

export const SIGN_IN: AdminTexts['signIn'] = {
  title: '以管理员身份登录',
  about:
    '使用根应用的密钥可以查看所有应用，使用其他应用的密钥则只能查看该应用。密钥只用于建立此浏览器的会话，不会被保存。',
  accessKey: '访问密钥',
  accessKeyHelp: '例如 app:{app}',
  secretKey: '秘密密钥',
  signIn: '登录',
  refused: '这不是任何已启用应用的密钥。',
  noCookies:
    '此页面发给浏览器的 Cookie 没有返回，因此无法保持登录。请允许 Cookie，用服务器的地址打开此页面（如为 https，则使用 https），并让中间的代理转发 Cookie。',
  tooMany: '错误的密钥过多。需要等待的秒数：{seconds}。',
  byAmazon: '或使用您的亚马逊账户',
  byAmazonSignIn: '使用亚马逊账户登录',
  goOn: '以 {name} 的身份继续',
  notListed:
    '您已以 {name} 的身份登录，但不是管理员。要将其设为管理员，请把 {identifier} 加入配置中的 admin.identifiers。',
  signedOut: '您已退出登录。',
}

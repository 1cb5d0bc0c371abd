// Signing in on a device without a browser, with nothing but fetch (RFC 8628):
//   node examples/with-server.mjs examples/device/main.mjs
//   AUTH_URL=https://auth.example.com APP=shop node examples/device/main.mjs
import { setTimeout as sleep } from 'node:timers/promises'

const { AUTH_URL: url, APP: appid } = process.env

async function post(path, body) {
  const answer = await fetch(url + path, { method: 'POST', body: new URLSearchParams(body) })
  return answer.json()
}

/** Shows a code until a person has allowed it; a new one when that has expired. */
async function signIn() {
  const codes = await post('/amazon_auth/device', { appid })
  if (codes.error) throw new Error(codes.error_description)
  console.log(`open ${codes.verification_uri} and enter ${codes.user_code}`)
  let { interval } = codes
  for (;;) {
    await sleep(interval * 1000)
    const answer = await post('/amazon_auth/device/token', { device_code: codes.device_code })
    if (!answer.error) return answer
    if (answer.error === 'slow_down') interval += 5
    else if (answer.error === 'expired_token') return signIn()
    else if (answer.error !== 'authorization_pending') throw new Error(answer.error_description)
  }
}

const { access_token, user } = await signIn()
console.log(`signed in as ${user.name} (${user.identifier})`)

const me = await fetch(`${url}/v1/_me`, { headers: { authorization: `Bearer ${access_token}` } })
console.log(`the token is good: ${me.status === 200}`)

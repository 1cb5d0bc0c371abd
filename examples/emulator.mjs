// What an example imports first: while no keys of Amazon are set (AZ_APP_ID, AZ_SECRET), nor another Amazon, an emulator on this machine plays
// it, with keys for it in the environment and a store in memory. Leave that import out of a program of yours.
import { startEmulator } from 'express-amazon-auth/emulator'

if (!process.env.AZ_APP_ID && !process.env.para_amazon_api_url) {
  const keys = {
    clientId: 'amzn1.application-oa2-client.examples',
    clientSecret: 'amzn1.oa2-cs.v1.examples',
  }
  const emulator = await startEmulator({
    clients: [{ ...keys, allowedReturnUrls: [], allowAnyReturnUrl: true }],
  })
  Object.assign(process.env, {
    AZ_APP_ID: keys.clientId,
    AZ_SECRET: keys.clientSecret,
    para_amazon_authorize_url: emulator.authorizeUrl,
    para_amazon_api_url: emulator.apiUrl,
    para_store_url: 'sqlite::memory:',
  })
  console.log(`Amazon is played by an emulator at ${emulator.origin}`)
}

import { startEmulator } from 'express-amazon-auth/emulator'

const keys = { clientId: 'development', clientSecret: 'development' }

// Without keys, Amazon is played on this machine, and its made-up people get a store of their own.
if (!process.env.AZ_APP_ID) {
  const emulator = await startEmulator({
    clients: [{ ...keys, allowedReturnUrls: [], allowAnyReturnUrl: true }],
  })
  Object.assign(process.env, {
    AZ_APP_ID: keys.clientId,
    AZ_SECRET: keys.clientSecret,
    para_amazon_authorize_url: emulator.authorizeUrl,
    para_amazon_api_url: emulator.apiUrl,
    STORE_URL: 'sqlite:data/development.db',
  })
  process.once('SIGTERM', () => void emulator.close())
  console.log('No AZ_APP_ID is set: an emulator plays Amazon, and anybody may be anybody.')
}

await import('./server.js')

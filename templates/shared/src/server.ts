import { createApp } from './app.js'

const { AZ_APP_ID, AZ_SECRET, PORT = '3000' } = process.env
const publicUrl = process.env.PUBLIC_URL || `http://localhost:${PORT}`
const store = { url: process.env.STORE_URL || 'sqlite:data/users.db' }

if (!AZ_APP_ID || !AZ_SECRET) {
  console.error('AZ_APP_ID and AZ_SECRET are not set. .env.example tells where they are from.')
  process.exit(1)
}

const { app, auth } = createApp({ azAppId: AZ_APP_ID, azSecret: AZ_SECRET }, { publicUrl, store })
await auth.ready()

const server = app.listen(Number(PORT), (error?: Error) => {
  if (error) throw error
  console.log(`${publicUrl} is ready.`)
})

process.once('SIGTERM', () => {
  server.close(() => void auth.close())
})

// Runs several examples in one process, each with an environment of its own:
//   node run-examples.mjs '[{ "file": "…/server.mjs", "env": { "PORT": "3001" } }]'
// What exports a handler gets an HTTP API of API Gateway before it.
import { pathToFileURL } from 'node:url'

import { serveHttpApi } from './http-api.mjs'

for (const { file, env } of JSON.parse(process.argv[2])) {
  Object.assign(process.env, env)
  const { handler } = await import(pathToFileURL(file).href)
  if (handler !== undefined) serveHttpApi(handler, Number(env.PORT))
}

import { hostname } from 'node:os'

/** What people tell this process by: `web-1 (pid 4711)`. */
export function describeProcess(): string {
  return `${hostname()} (pid ${process.pid})`
}

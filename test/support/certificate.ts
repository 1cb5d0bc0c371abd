import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate that signs itself, for this machine. */
export interface Certificate {
  readonly keyFile: string
  readonly certFile: string
  readonly key: Buffer
  readonly cert: Buffer
}

/**
 * @param folder Where its two files go.
 * @param more Names beside those of this machine, such as `DNS:amazon.test`.
 */
export function makeCertificate(folder: string, more: readonly string[] = []): Certificate {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const names = `subjectAltName=${['IP:127.0.0.1', 'DNS:localhost', ...more].join(',')}`
  const named = ['-subj', '/CN=localhost', '-addext', names, '-days', '1']
  const files = ['-keyout', keyFile, '-out', certFile]
  execFileSync('openssl', [...made, ...named, ...files], { stdio: 'ignore' })
  return { keyFile, certFile, key: readFileSync(keyFile), cert: readFileSync(certFile) }
}

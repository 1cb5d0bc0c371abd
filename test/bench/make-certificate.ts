import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

export interface Certificate {
  readonly keyFile: string
  readonly certFile: string
  /** Signs itself, so it is its own authority. */
  readonly caFile: string
}

/** Makes a key and a certificate for 127.0.0.1 in a directory: P-256, as Amazon's own hosts have. */
export function makeCertificate(directory: string): Certificate {
  const keyFile = join(directory, 'key.pem')
  const certFile = join(directory, 'cert.pem')
  execFileSync(
    'openssl',
    [
      ['req', '-x509', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'],
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile],
    ].flat(),
    { stdio: 'pipe' },
  )
  return { keyFile, certFile, caFile: certFile }
}

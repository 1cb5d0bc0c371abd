import { createHash } from 'node:crypto'

/**
 * Address of a person's picture at Gravatar, a silhouette when there is none; no hash without an email.
 *
 * @see https://docs.gravatar.com/rest/images (the MD5 form)
 */
export function gravatar(email: string | undefined): string {
  const hash =
    email === undefined ? '' : createHash('md5').update(email.trim().toLowerCase()).digest('hex')
  return `https://www.gravatar.com/avatar/${hash}?d=mm&size=400`
}

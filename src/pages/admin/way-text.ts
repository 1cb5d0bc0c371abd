import type { AdminTexts } from './texts/en'

/** Ways of sign-ins, as the audit trail names them. */
export const WAYS = ['browser', 'amazon_token', 'app_token', 'device', 'token_refresh'] as const

/** What a way is called; one that is not known stays as it is. */
export function wayText(way: string, { signIns }: AdminTexts): string {
  const known = WAYS.find((name) => name === way)
  return known === undefined ? way : signIns[known]
}

/** A customer who can sign in. What is left out, the profile leaves out too. */
export interface Person {
  /** Amazon's id of the customer: `amzn1.account.…` */
  readonly userId: string
  /** Full name. Default: none is sent. */
  readonly name?: string | undefined
  /** Email address. Default: none is sent. */
  readonly email?: string | undefined
  /** Sent where the scope `postal_code` is granted. Default: none is sent. */
  readonly postalCode?: string | undefined
  /** Whatever else Amazon may send with `profile`, by its own names. Default: nothing. */
  readonly further?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Four people, one for each kind of profile an app meets: whole, no e-mail, no name, shared
 * e-mail.
 */
export const PEOPLE: readonly Person[] = [
  {
    userId: 'amzn1.account.AEMUL2ORDINARY3PERSON4ADA',
    name: 'Ada Lindqvist',
    email: 'ada@example.com',
    postalCode: '98101',
  },
  {
    userId: 'amzn1.account.AEMUL2WITHOUT3EMAIL4BEN',
    name: 'Ben Okafor',
    postalCode: '10115',
  },
  {
    userId: 'amzn1.account.AEMUL2WITHOUT3NAME4CHLOE',
    email: 'chloe@example.com',
    postalCode: '75001',
  },
  {
    userId: 'amzn1.account.AEMUL2SHARED3EMAIL4DAN',
    name: 'Dan Lindqvist',
    email: 'ada@example.com',
    postalCode: '98101',
  },
]

export const LANGUAGES = ['ts', 'js'] as const
export const EXPRESS_VERSIONS = ['5', '4'] as const
export const MODES = ['session', 'token'] as const

/** What a project is to be like. */
export interface Choices {
  readonly lang: (typeof LANGUAGES)[number]
  /** Major version of Express. */
  readonly express: (typeof EXPRESS_VERSIONS)[number]
  /** How a page knows who is signed in: a session cookie, or a token that it sends along. */
  readonly mode: (typeof MODES)[number]
  /** App id that people sign in to. */
  readonly app: string
  /** TCP port that it listens on, unless `PORT` says otherwise. */
  readonly port: number
}

/** One app a browser is signed in to. */
export interface SignIn {
  readonly appId: string
  readonly userId: string
  /** The user's session epoch at sign-in: a higher one at the user ends it. */
  readonly epoch: number
  readonly sinceMs: number
}

/** What a browser session holds of ours: at most one sign-in per app, the latest last. */
export interface SignIns {
  readonly list: readonly SignIn[]
  /** Last time it was used; kept only roughly, to spare writes. */
  readonly seenAtMs: number
}

/** Keeps a session small. The oldest sign-in gives way. */
const MAX_SIGN_INS = 10

export function addSignIn(signIns: SignIns | undefined, signIn: SignIn): SignIns {
  const others = (signIns?.list ?? []).filter(({ appId }) => appId !== signIn.appId)
  return { list: [...others, signIn].slice(-MAX_SIGN_INS), seenAtMs: signIn.sinceMs }
}

/**
 * As {@link addSignIn}, but no other app's sign-in gives way to it or is covered by it. Where there is no room for it, it
 * is not kept.
 */
export function addSignInBeside(signIns: SignIns | undefined, signIn: SignIn): SignIns {
  const list = signIns?.list ?? []
  const isKnown = list.some(({ appId }) => appId === signIn.appId)
  const added = isKnown
    ? list.map((each) => (each.appId === signIn.appId ? signIn : each))
    : [signIn, ...list]
  return { list: added.slice(-MAX_SIGN_INS), seenAtMs: signIn.sinceMs }
}

export function removeSignIn(signIns: SignIns, appId: string): SignIns {
  return { ...signIns, list: signIns.list.filter((signIn) => signIn.appId !== appId) }
}

/** The sign-in to one app, or to any: then the latest. */
export function findSignIn(signIns: SignIns, appId: string | undefined): SignIn | undefined {
  return signIns.list.findLast((signIn) => appId === undefined || signIn.appId === appId)
}

/** Reads what a session holds; anything of another shape counts as nothing. */
export function parseSignIns(value: unknown): SignIns | undefined {
  if (!isRecord(value) || !Array.isArray(value.list) || typeof value.seenAtMs !== 'number') {
    return undefined
  }
  const list: readonly unknown[] = value.list
  return { list: list.filter(isSignIn), seenAtMs: value.seenAtMs }
}

function isSignIn(value: unknown): value is SignIn {
  return (
    isRecord(value) &&
    typeof value.appId === 'string' &&
    typeof value.userId === 'string' &&
    typeof value.epoch === 'number' &&
    typeof value.sinceMs === 'number'
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

import type { OperatorAction } from '../../../audit/operator-action'
import { AmazonAuthError } from '../../../errors'
import { tokenField } from '../../../pages/admin/admin-layout'
import { userQuestionPage, type UserAction } from '../../../pages/admin/users/user-question-page'
import type { AdminTexts } from '../../../pages/admin/texts/en'
import { amazonIdOf } from '../../../users/identity-provider'
import type { User } from '../../../users/user'
import { fillText } from '../../../pages/texts/fill'
import { goTo, showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { recordChange } from '../record-change'
import { isYourself } from './show-user'
import { toShownUser } from './to-shown-user'
import { userPath, usersPath } from './users-path'

/** One thing that may be done to a user. */
interface Change {
  /** As the audit trail names it. */
  readonly name: OperatorAction
  /** Whether it has yet to be done: another operator may have been faster. */
  readonly isNeeded: (user: User) => boolean
  readonly change: (user: User, visit: AppVisit) => Promise<unknown>
  readonly done: (texts: AdminTexts) => string
  readonly already: (texts: AdminTexts) => string
}

const CHANGES: Readonly<Record<Exclude<UserAction, 'delete'>, Change>> = {
  lock: {
    name: 'user_locked',
    isNeeded: ({ active }) => active,
    change: (user, visit) => setActive(user, visit, false),
    done: ({ users }) => users.lockDone,
    already: ({ users }) => users.lockAlready,
  },
  unlock: {
    name: 'user_unlocked',
    isNeeded: ({ active }) => !active,
    change: (user, visit) => setActive(user, visit, true),
    done: ({ users }) => users.unlockDone,
    already: ({ users }) => users.unlockAlready,
  },
  'sign-out': {
    name: 'user_signed_out',
    isNeeded: () => true,
    change: (user, { services }) => services.userAdmin.revokeAll(user),
    done: ({ users }) => users.signOutDone,
    already: ({ users }) => users.signOutDone,
  },
  unlink: {
    name: 'user_unlinked',
    isNeeded: ({ identifier }) => amazonIdOf(identifier) !== undefined,
    change: ({ appId, id }, { services }) => services.userAdmin.unlinkAmazon(appId, id),
    done: ({ users }) => users.unlinkDone,
    already: ({ users }) => users.unlinkAlready,
  },
}

function setActive({ appId, id }: User, { services }: AppVisit, active: boolean) {
  return services.userAdmin.patch(appId, id, { active })
}

/** Asks before something is done to a user. */
export function askToChange(action: UserAction): (visit: AppVisit) => Promise<void> {
  return async (visit) => ask(visit, action, await getUser(visit))
}

/** Does something to a user. */
export function changeUser(
  action: Exclude<UserAction, 'delete'>,
): (visit: AppVisit) => Promise<void> {
  const { name, isNeeded, change, done, already } = CHANGES[action]
  return (visit) =>
    whileThere(visit, async (user) => {
      const { app, texts } = visit
      const path = userPath(app, user.id)
      if (!isNeeded(user)) {
        goTo(visit, path, already(texts))
        return
      }
      await change(user, visit)
      await recordChange(visit, { app: app.appIdentifier, action: name, userId: user.id })
      goTo(visit, path, done(texts))
    })
}

/** Deletes a user whose name or id was typed. */
export function deleteUser(visit: AppVisit): Promise<void> {
  return whileThere(visit, async (user) => {
    const { app, form, services, texts } = visit
    if (!isTyped(form.get('typed') ?? '', user)) {
      ask(visit, 'delete', user, texts.users.deleteTyped)
      return
    }
    const { appIdentifier: appId } = app
    await services.userAdmin.delete(appId, user.id)
    await recordChange(visit, { app: appId, action: 'user_deleted', userId: user.id })
    goTo(visit, usersPath(app), fillText(texts.users.deleteDone, { id: user.id }))
  })
}

/** The name as it looks, for whoever copies it: its forms and the blanks around it do not matter. */
function isTyped(typed: string, { id, name }: User): boolean {
  const text = typed.normalize('NFC').trim()
  return text === id || (text !== '' && text === name.normalize('NFC').trim())
}

/** A user who is gone meanwhile is nobody's mistake: the list says so. */
async function whileThere(visit: AppVisit, run: (user: User) => Promise<void>): Promise<void> {
  try {
    await run(await getUser(visit))
  } catch (error) {
    if (!(error instanceof AmazonAuthError) || error.code !== 'not_found') throw error
    const { app, params, texts } = visit
    goTo(visit, usersPath(app), fillText(texts.users.gone, { id: params.user ?? '' }))
  }
}

function getUser({ app, params, services }: AppVisit): Promise<User> {
  return services.userAdmin.get(app.appIdentifier, params.user ?? '')
}

function ask(visit: AppVisit, action: UserAction, user: User, problem?: string): void {
  const { app, base, session, texts } = visit
  const page = {
    ...{ app, action, problem },
    user: toShownUser(user),
    path: base + userPath(app, user.id),
    isYourself: isYourself(visit, user.id),
    tokenField: tokenField(session.formToken),
  }
  showAdminPage(visit, userQuestionPage(page, texts), problem === undefined ? 200 : 400)
}

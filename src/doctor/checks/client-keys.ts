import { findKeyMistakes, findUnusualForms } from '../../apps/find-key-mistakes'
import { textSetting } from '../../apps/typed-setting'
import { failure, ok, warning, type AppCheck, type Finding } from '../check'
import type { CheckedApp } from '../checked-app'

/** Whether the app has both keys of Amazon, and whether they look like such keys. Neither is shown. */
export const clientKeys: AppCheck = {
  id: 'client_keys',
  of: 'app',
  explains: ['app_not_configured', 'client_rejected', 'unauthorized_client', 'invalid_request'],
  look(checked) {
    const { app, originOf } = checked
    const clientId = textSetting(app, 'az_app_id')
    const clientSecret = textSetting(app, 'az_secret')
    if (clientId === undefined || clientSecret === undefined) return missing(checked)
    const names = { clientId: 'az_app_id', clientSecret: 'az_secret' }
    const keys = { clientId, clientSecret, names }
    const mistakes = findKeyMistakes(keys)
    if (mistakes.length > 0) return mistakes.map((told) => tell(failure, told, checked))
    const unusual = findUnusualForms(keys)
    if (unusual.length > 0) return unusual.map((told) => tell(warning, told, checked))
    return ok('az_app_id and az_secret have the form of keys of Amazon', originOf('az_app_id'))
  },
}

function missing({ app, originOf }: CheckedApp): Finding {
  const names = ['az_app_id', 'az_secret'] as const
  const absent = names.filter((name) => textSetting(app, name) === undefined)
  const seen = `${absent.join(' and ')} ${absent.length === 1 ? 'is' : 'are'} not set, so nobody can sign in`
  const present = names.find((name) => !absent.includes(name))
  if (app.isRoot && present === undefined) return ok(`${seen} to the root app itself`)
  const layers =
    present === undefined
      ? ''
      : ` Where one place sets either of the two, the other is not taken from a weaker one (${present} is a ${String(originOf(present))}).`
  return failure(
    seen,
    `Set both, from Web Settings of your Security Profile in the Login with Amazon console: express-amazon-auth settings set ${app.id} az_secret - < secret.txt.${layers}`,
    present && originOf(present),
  )
}

/** Remarks end in what is to be done, behind a colon. */
function tell(
  level: typeof failure,
  { setting, problem }: { readonly setting: string; readonly problem: string },
  { originOf }: CheckedApp,
): Finding {
  const end = problem.lastIndexOf(': ')
  const fix = problem.slice(end + 2)
  return level(
    `${setting} ${problem.slice(0, end)}`,
    `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`,
    originOf(setting),
  )
}

import { describeRemark } from '../../apps/remark-list'
import { ok, warning, type AppCheck } from '../check'
import { STORED } from '../checked-app'

/** Checks of their own tell of them. */
const TOLD_ELSEWHERE = [
  'az_app_id',
  'az_secret',
  'amazon.scope',
  'amazon.voluntary_scope',
  'claims',
]

/** What is stored and does not do what its writer may think. */
export const ignoredSettings: AppCheck = {
  id: 'ignored_settings',
  of: 'app',
  look({ review, isStored }) {
    if (isStored !== true) return undefined
    const ignored = review.ignored.map((remark) =>
      warning(
        `without effect: ${describeRemark(remark)}`,
        `Correct or remove ${remark.setting}; docs/settings.md has its form.`,
        STORED,
      ),
    )
    const odd = review.warnings
      .filter(({ setting }) => !TOLD_ELSEWHERE.includes(setting))
      .map((remark) =>
        warning(
          describeRemark(remark),
          remark.problem.startsWith('has no ')
            ? `Rename or remove ${remark.setting}: it is kept, and changes nothing.`
            : `Correct or remove ${remark.setting}; docs/settings.md has its form.`,
          STORED,
        ),
      )
    const found = [...ignored, ...odd]
    return found.length > 0 ? found : ok('every stored setting has an effect', STORED)
  },
}

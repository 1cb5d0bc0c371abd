import { describeRemark } from '../apps/remark-list'
import type { SettingsReview } from '../apps/review-settings'
import type { Logger } from '../logger'
import { createWarnOnce } from './warn-once'

/** Logs what should be known of an app's settings, each thing the first time only. */
export function reviewLog(logger: Logger): (appId: string, review: SettingsReview) => void {
  const warnOnce = createWarnOnce()
  return (appId, { ignored, warnings }) => {
    for (const remark of ignored) {
      warnOnce(logger, appId, `Ignored in the settings of this app: ${describeRemark(remark)}.`)
    }
    for (const remark of warnings) {
      warnOnce(logger, appId, `In the settings of this app: ${describeRemark(remark)}.`)
    }
  }
}

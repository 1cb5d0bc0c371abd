import { describeRemark } from '../../apps/remark-list'
import type { SettingsReview } from '../../apps/review-settings'

/** Tells what should be known of settings that were taken, on standard error: standard output belongs to the answer. */
export function showReview({ ignored, warnings }: SettingsReview): void {
  for (const remark of ignored)
    console.error(`Stored, but without effect: ${describeRemark(remark)}.`)
  for (const remark of warnings) console.error(`Warning: ${describeRemark(remark)}.`)
}

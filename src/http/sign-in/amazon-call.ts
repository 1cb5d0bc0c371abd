import type { RegionalCall } from '../../amazon/request-json'
import type { App } from '../../apps/app'
import type { SignInServices } from '../auth-services'

/** What is asked of Amazon for a sign-in to an app: where its accounts are, and within the time that a sign-in has. */
export function amazonCall(app: App, { amazon, policy }: SignInServices): RegionalCall {
  return {
    party: app.id,
    endpoints: amazon.endpointsOf(app),
    deadlineMs: performance.now() + policy.loginDeadlineMs,
  }
}

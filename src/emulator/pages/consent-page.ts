import type { Answer } from '../answer'
import { consentForm, type ConsentForm } from './consent-form'
import { pageAnswer } from './page'

/** Asks a person whether the app may sign them in. */
export function consentPage(form: ConsentForm): Answer {
  return pageAnswer(200, `Sign in to ${form.appName}`, consentForm(form))
}

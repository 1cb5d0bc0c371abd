import { html, type Html } from '../../html'
import type { AdminTexts } from '../texts/en'

/** What is to be done to many users. */
export function actionField({ users }: AdminTexts): Html {
  return html`<div class="field">
    <label for="action">${users.what}</label>
    <select id="action" name="action">
      <option value="lock">${users.doLock}</option>
      <option value="unlock">${users.doUnlock}</option>
      <option value="sign_out">${users.doSignOut}</option>
      <option value="delete">${users.doDelete}</option>
    </select>
  </div>`
}

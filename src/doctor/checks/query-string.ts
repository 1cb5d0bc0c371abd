import { ok, warning, type AppCheck } from '../check'
import { publicUrlOf } from '../checked-app'

/** A query in the return address is what Amazon's comparison fails at most often. */
export const queryString: AppCheck = {
  id: 'query_string',
  of: 'app',
  explains: ['code_rejected'],
  look(checked, { site }) {
    if (publicUrlOf(checked, site) !== undefined)
      return ok('the return address has no query string')
    const { id } = checked.app
    return warning(
      'without public_url, appid= and host_url= of a request become part of its return address, which Amazon then compares',
      `Begin logins at /amazon_auth?state=${id} rather than ?appid=${id}, or set public_url, which keeps them out.`,
    )
  },
}

import { ok, warning, type Finding, type HostCheck } from '../check'

/** What checks of their own tell of each app. */
const TOLD_ELSEWHERE = [
  // A variable of such a name that is not known is told of by no check but this.
  /^(?!The environment variable ).*(?:az_app_id|az_secret|azAppId|azSecret)(?: \([^)]*\))? (?:is|are|and|begins|ends|holds|looks)\b/,
  /amazon\.(?:voluntary_?)?scope \([^)]*\) (?:asks|has commas)/i,
  /claims \([^)]*\) takes/,
  /public_?url \([^)]*\) is http: in production/i,
]

/** What loading the configuration has warned of. */
export const configWarnings: HostCheck = {
  id: 'configuration',
  of: 'host',
  look({ site }) {
    const found = site.warnings.filter((told) => !TOLD_ELSEWHERE.some((known) => known.test(told)))
    return found.length === 0 ? ok('the configuration has nothing to warn of') : found.map(tell)
  },
}

/** `para.prot (application.conf:3) is not known. Did you mean para.port?` */
function tell(sentence: string): Finding {
  const [, name, origin, rest] = /^(\S+) \(([^)]+)\) (.*)$/s.exec(sentence) ?? []
  const [problem = '', hint] = (rest ?? sentence).split(/(?<=\.) (?=Did you mean)/, 2)
  const meant = /Did you mean (\S+?)\?$/.exec(hint ?? '')?.[1]
  const fix =
    meant === undefined
      ? 'Correct or remove it; docs/configuration.md has the keys.'
      : `Write ${meant}.`
  const seen = `${name === undefined ? '' : `${name} `}${problem}`.replace(/\.$/, '')
  return warning(seen, fix, origin)
}

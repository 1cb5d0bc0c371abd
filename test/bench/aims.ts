import type { Start } from './measure-start'
import type { Result } from './race'

export interface Aim {
  readonly title: string
  readonly value: number
  /** What it should not exceed. */
  readonly atMost: number
}

/** What this package is meant to cost, and what it does; without those for which nothing was measured. */
export function aimsOf(results: readonly Result[], start: Start | undefined): readonly Aim[] {
  const of = (name: string) => results.find(({ contender }) => contender.name === name)
  const times = (name: string) => of(name)?.times ?? NaN
  const token = of('sqlite')
  const aims = [
    { title: 'a login with an ID token, times the floor', value: times('sqlite'), atMost: 2.4 },
    {
      title: 'the same, times passport-amazon without a session',
      value: times('sqlite') / times('passport'),
      atMost: 1,
    },
    {
      title: '`serve` as it ships, above that, in floors',
      value: times('serve') - times('sqlite'),
      atMost: 0.3,
    },
    {
      title: 'a login with a session cookie, times passport-amazon with one in memory',
      value: times('session') / times('passport-session'),
      atMost: 1,
    },
    {
      title: 'beginning a login, of what its return costs',
      value: (token?.beginMs ?? NaN) / (token?.cpuMs ?? NaN),
      atMost: 0.3,
    },
    {
      title: '`require()`, CPU ms',
      value: start?.loaded.cpuMs ?? NaN,
      atMost: 250,
    },
    { title: 'the same, modules', value: start?.loaded.modules ?? NaN, atMost: 700 },
  ]
  return aims.filter(({ value }) => !Number.isNaN(value))
}

import { ALL_APPS, rollUp, type RollUp } from '../../stats/roll-up'
import { SPAN_MS } from '../../stats/span'
import { expect } from '../expect'
import type { Group } from '../group'

const DAY = 10 * SPAN_MS.day

/** A failure of an app at each time. */
function failures(app: string, times: readonly number[]): RollUp {
  return rollUp(
    times.map((atMs) => ({
      event: { atMs, app, outcome: 'failure', reason: 'code_rejected', way: 'browser' } as const,
      isOfApp: true,
      begunAtMs: undefined,
    })),
  )
}

/** Sums of sign-ins. */
export const stats: Group = {
  part: 'stats',
  needs: ['audit', 'stats'],
  cases({ store }) {
    const write = (app: string, times: readonly number[]) =>
      store.audit.append([], failures(app, times))
    const range = { span: 'day', fromMs: 0, untilMs: 2 * DAY } as const
    return {
      'batches add up, for their app and for all together': async () => {
        await write('a', [DAY, DAY + 1])
        await write('a', [DAY + 2])
        await write('b', [DAY + 3])
        const of = async (app: string) => {
          const periods = await store.stats.read({ ...range, app })
          return periods.map(({ atMs, sums }) => [atMs, sums.failed])
        }
        expect(await of('a'), 'a batch takes the place of the one before').toEqual([[DAY, 3]])
        expect(await of('b')).toEqual([[DAY, 1]])
        expect(await of(ALL_APPS)).toEqual([[DAY, 4]])
        expect(await of('none')).toEqual([])
      },
      'batches that are written at once are all counted': async () => {
        await Promise.all(Array.from({ length: 20 }, () => write('a', [DAY])))
        const [day] = await store.stats.read({ ...range, app: 'a' })
        expect(day?.sums.failed, 'sums are read and written in two steps').toBe(20)
      },
      'failures are told by reason, and the busiest apps of a day': async () => {
        await write('a', [DAY, DAY])
        await write('b', [DAY, DAY, DAY])
        expect(await store.stats.readFailures({ ...range, app: 'a' })).toEqual([
          { reason: 'code_rejected', way: 'browser', count: 2 },
        ])
        const busiest = await store.stats.listBusiest('failed', DAY, 5)
        expect(busiest.map(({ app, sums }) => [app, sums.failed])).toEqual([
          ['b', 3],
          ['a', 2],
        ])
      },
      'old periods go, of the span that is named alone, at most as many as asked': async () => {
        await write('a', [DAY, DAY + SPAN_MS.day])
        const removed = [
          await store.stats.deleteBefore('minute', DAY + SPAN_MS.day, 1),
          await store.stats.deleteBefore('minute', DAY + SPAN_MS.day, 9),
        ]
        expect(removed[0]).toBe(1)
        const minutes = await store.stats.read({ ...range, span: 'minute', app: 'a' })
        expect(minutes.map(({ atMs }) => atMs)).toEqual([DAY + SPAN_MS.day])
        expect(await store.stats.read({ ...range, app: 'a' })).toHaveLength(2)
      },
    }
  },
}

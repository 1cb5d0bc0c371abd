import type { AuditEvent } from '../../audit/audit-event'
import { exportUser } from '../../users/export-user'
import { expect } from '../expect'
import type { Group } from '../group'
import { buildApp, buildUser } from '../samples'

const event = (values: Partial<AuditEvent> = {}): AuditEvent => ({
  atMs: 1,
  app: 'shop',
  outcome: 'success',
  reason: 'ok',
  way: 'browser',
  userId: '1001',
  requestId: 'r1',
  network: '192.0.2.0/24',
  ...values,
})

/** What is kept of users beside their records: here of their sign-ins. */
export const userTraces: Group = {
  part: 'userTraces',
  needs: ['userTraces', 'audit', 'auditHistory'],
  cases({ store }) {
    const signIns = async (userId: string, appId = 'shop') => {
      const kind = store.userTraces.kinds.find(({ name }) => name === 'sign_ins')
      return (await kind?.page(appId, userId, undefined))?.items
    }
    return {
      'sign-ins are read a page at a time, the latest first, each once': async () => {
        const events = Array.from({ length: 1201 }, (_, n) => event({ atMs: n >> 2 }))
        await store.audit.append(events)
        const exported = await exportUser(buildUser(), store.userTraces.kinds, 5)
        const times = exported.kept.sign_ins?.map((item) => (item as { at: number }).at) ?? []
        expect(times).toHaveLength(1201)
        expect(times).toEqual(times.toSorted((a, b) => b - a))
        expect(exported.cut_off).toEqual([])
      },
      'of who is deleted, what they changed as an operator stays, without who it was': async () => {
        const [actor, way] = ['user:shop/1001', 'operator'] as const
        await store.users.upsert(buildUser(), {})
        const change = { reason: 'app_put', way, actor, detail: 'name', userId: undefined }
        const changes = Array.from({ length: 5 }, (_, n) => event({ ...change, atMs: n, app: 'x' }))
        await store.audit.append([...changes, event({ ...change, actor: 'user:shop/100' })])
        const exported = await exportUser(buildUser(), store.userTraces.kinds, 5)
        expect(exported.kept.operator_changes).toHaveLength(5)
        expect(exported.kept.operator_changes?.[0]).toEqual({
          ...{ at: 4, app: 'x', change: 'app_put', detail: 'name', network: '192.0.2.0/24' },
        })
        await store.users.delete('shop', '1001', 100)
        while ((await store.userTraces.eraseDeleted(100, 2)) > 0);
        const { events } = await store.auditHistory.page({ about: 'changes' }, { limit: 9 })
        const actors = events.map((found) => found.actor).toSorted()
        expect(actors).toEqual([...Array.from({ length: 5 }, () => 'user:'), 'user:shop/100'])
      },
      'of who is deleted, sign-ins lose the number of the user, in bites and of that user alone':
        async () => {
          await store.users.upsert(buildUser(), {})
          await store.apps.insert(buildApp({ id: 'news' }), new Map())
          await store.audit.append([
            ...Array.from({ length: 7 }, (_, n) => event({ atMs: n })),
            event({ userId: '1002' }),
            event({ app: 'news' }),
          ])
          await store.users.delete('shop', '1001', 100)
          expect(await store.userTraces.eraseDeleted(99, 4)).toBe(0)
          expect(await signIns('1001')).toHaveLength(7)
          expect(await store.userTraces.eraseDeleted(100, 4)).toBe(4)
          expect(await signIns('1001')).toHaveLength(3)
          expect(await store.userTraces.eraseDeleted(100, 100)).toBe(4)
          expect(await store.userTraces.eraseDeleted(100, 100)).toBe(0)
          expect(await signIns('1001')).toEqual([])
          expect(await signIns('1002')).toHaveLength(1)
          expect(await signIns('1001', 'news')).toHaveLength(1)
        },
    }
  },
}

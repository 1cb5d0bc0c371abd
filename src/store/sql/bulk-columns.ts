import type { BulkAction, BulkChange, BulkCover, BulkState } from '../../bulk/bulk-change'
import type { Schema } from './schema'

type BulkRow = Schema['bulks']

export function toBulkRow(bulk: BulkChange): BulkRow {
  const { covers } = bulk
  return {
    app_id: bulk.appId,
    bulk_id: bulk.id,
    action: bulk.action,
    state: bulk.state,
    covers: covers.kind,
    search: covers.kind === 'search' ? covers.text : null,
    actor: bulk.actor,
    total: bulk.total,
    changed: bulk.changed,
    unchanged: bulk.unchanged,
    gone: bulk.gone,
    missing: bulk.missing.join(' '),
    missing_count: bulk.missingCount,
    created_at: bulk.createdAtMs,
    updated_at: bulk.updatedAtMs,
    driven_until: bulk.drivenUntilMs,
    expires_at: bulk.expiresAtMs,
  }
}

export function fromBulkRow(row: BulkRow): BulkChange {
  return {
    appId: row.app_id,
    id: row.bulk_id,
    action: row.action as BulkAction,
    state: row.state as BulkState,
    covers: coverOf(row),
    actor: row.actor,
    total: row.total,
    changed: row.changed,
    unchanged: row.unchanged,
    gone: row.gone,
    missing: row.missing === '' ? [] : row.missing.split(' '),
    missingCount: row.missing_count,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    drivenUntilMs: row.driven_until,
    expiresAtMs: row.expires_at,
  }
}

function coverOf({ covers, search }: BulkRow): BulkCover {
  if (covers === 'search') return { kind: 'search', text: search ?? '' }
  return { kind: covers === 'ids' ? 'ids' : 'all' }
}

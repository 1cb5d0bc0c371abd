/** Which page of a list is asked for. */
export interface PageQuery {
  /** Counted from 1; 0 is the first page too. */
  readonly page: number
  readonly limit: number
}

/** The parameters of a list. */
export const PAGE = {
  page: { type: 'integer', minimum: 0, maximum: 100_000, default: 0, description: 'From 1' },
  limit: { type: 'integer', minimum: 1, maximum: 100, default: 30 },
}

export function offsetOf({ page, limit }: PageQuery): number {
  return Math.max(0, page - 1) * limit
}

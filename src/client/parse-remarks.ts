import type { SettingRemark } from '../apps/settings-in-force'

const ITEM = /([^\s=",]+)="([^"]*)"/g

/** Reads what the headers `X-Settings-Ignored` and `X-Settings-Warning` list: `name="problem", …`. */
export function parseRemarks(list: string): readonly SettingRemark[] {
  return Array.from(list.matchAll(ITEM), ([, name = '', problem = '']) => ({
    setting: decode(name),
    problem,
  }))
}

/** What comes from another server may be anything. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

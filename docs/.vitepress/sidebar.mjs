import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './linked-files.mjs'

/** Sections of the site, and the pages of docs/ in each; a title is the page's own, where none is given. */
export const SECTIONS = {
  'Start here': { README: 'Start here', install: '', init: '', examples: '' },
  'Mount it': {
    mounting: '',
    'signing-in': '',
    pages: '',
    frameworks: '',
    testing: '',
  },
  'Run it': {
    running: '',
    operators: '',
    operations: '',
    proxies: '',
    network: '',
    scale: '',
    telemetry: '',
  },
  Tasks: {
    tokens: '',
    users: '',
    claims: '',
    'amazon-tokens': '',
    webhooks: '',
    devices: '',
    'calling-the-api': '',
    'amazon-client': '',
    stores: '',
  },
  'Coming from …': {
    'from-elsewhere': '',
    'from-para': '',
    'from-passport-amazon': '',
    'from-grant': '',
    'from-better-auth': '',
    'from-logto': '',
    'from-azure-ad-b2c': '',
    wordpress: '',
  },
  'Something is wrong': { troubleshooting: '', errors: '', doctor: '', try: '' },
  'Every setting': { configuration: '', keys: '', settings: '' },
  'How it works': { architecture: '', security: '', performance: '', reliability: '' },
}

export function sidebar() {
  const sections = Object.entries(SECTIONS).map(([text, pages]) => ({
    text,
    items: Object.entries(pages)
      .filter(([page]) => existsSync(fileOf(page)))
      .map(([page, title]) => ({
        text: title || titleOf(page),
        link: page === 'README' ? '/' : `/${page}`,
      })),
  }))
  const api = join(ROOT, 'docs/api/typedoc-sidebar.json')
  const reference = existsSync(api) ? JSON.parse(readFileSync(api, 'utf8')).map(unfold) : []
  return [
    ...sections,
    { text: 'Reference', items: [{ text: 'HTTP API', link: '/api/http' }, ...reference] },
  ]
}

/** What has no page of its own cannot be folded: the theme would put a button into a button. */
function unfold({ collapsed, items, ...item }) {
  return {
    ...item,
    ...(items && { items: items.map(unfold) }),
    ...(item.link && items && { collapsed }),
  }
}

function fileOf(page) {
  return join(ROOT, 'docs', `${page}.md`)
}

function titleOf(page) {
  return /^# (.*)$/m.exec(readFileSync(fileOf(page), 'utf8'))?.[1] ?? page
}

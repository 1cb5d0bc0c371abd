import { cpSync } from 'node:fs'
import { join } from 'node:path'

import GithubSlugger from 'github-slugger'
import { defineConfig } from 'vitepress'

import { ROOT, siteAddress } from './linked-files.mjs'
import { sidebar } from './sidebar.mjs'

const DOCS = join(ROOT, 'docs')

export default defineConfig({
  title: 'express-amazon-auth',
  description: 'Sign in with Amazon, for Express back ends that serve many apps at once.',
  // GitHub Pages puts a repository's site below its name.
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  rewrites: { 'README.md': 'index.md' },
  srcExclude: ['node_modules/**'],
  // Pages tell people where their own server is.
  ignoreDeadLinks: 'localhostLinks',
  markdown: {
    // As GitHub has them, so that one link fits both.
    anchor: { slugify: (heading) => new GithubSlugger().slug(heading) },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    languageAlias: { hocon: 'ini', conf: 'nginx', caddy: 'nginx' },
    config(md) {
      md.core.ruler.push('headless-columns', ({ tokens }) => {
        for (const [at, token] of tokens.entries()) {
          const isHead = token.type === 'th_open' && tokens[at + 1]?.content === ''
          // Screen readers would announce a heading without words.
          if (isHead) token.tag = tokens[at + 2].tag = 'td'
        }
      })
      md.core.ruler.push('links-out-of-docs', ({ tokens, env }) => {
        const page = env.relativePath ?? ''
        if (/^(api|files)\//.test(page)) return
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === 'link_open' ? token.attrGet('href') : null
          if (href?.startsWith('../')) token.attrSet('href', siteAddress(href, `docs/${page}`))
        }
      })
    },
  },
  // The index that the search looks into, on a page's demand.
  vite: { build: { chunkSizeWarningLimit: 5000 } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start here', link: '/' },
      { text: 'Something is wrong', link: '/troubleshooting' },
      { text: 'Reference', link: '/api/' },
    ],
    sidebar: sidebar(),
    docFooter: { prev: false, next: false },
  },
  // What pages link to as it is: the API as OpenAPI, the dashboard.
  buildEnd({ outDir }) {
    for (const name of ['openapi.yaml', 'grafana']) {
      cpSync(join(DOCS, name), join(outDir, name), { recursive: true })
    }
  },
})

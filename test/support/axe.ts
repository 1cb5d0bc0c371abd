import { readFileSync } from 'node:fs'

import type { Page } from 'playwright-core'

/** What of its answer is told: the rule, and the elements that break it. */
interface AxeAnswer {
  readonly violations: readonly {
    readonly id: string
    readonly help: string
    readonly nodes: readonly {
      readonly target: readonly unknown[]
      readonly failureSummary?: string
    }[]
  }[]
}

/** How a page may be looked at: both colour schemes, a desk and a telephone (CSS pixels). */
export const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1280, 360].map((width) => ({ colorScheme, width })),
)

/** Read when it is first asked for, as its package is half a megabyte. */
const source = (): string => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What is in order it would tell element by element, too, with the markup of each. */
const RUN = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => ({ violations }))`

/**
 * All that axe finds against a page as it stands, a line an element; empty: nothing. Its script is evaluated from outside, which
 * a Content-Security-Policy does not concern.
 */
export async function findAxeViolations(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(source())
  const { violations } = await page.evaluate<AxeAnswer>(RUN)
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')} ${failureSummary}`,
    ),
  )
}

/** What differs by colour and what by width: two of them tell both, at half the time. */
const TOLD = LOOKS.filter(({ colorScheme, width }) => (colorScheme === 'light') === width > 360)

/**
 * Looks at an open page, light on a desk and dark on a telephone.
 *
 * @returns What axe finds, and where the page would have to be scrolled sideways; empty: nothing.
 */
export async function findFaultsOfLooks(page: Page): Promise<readonly string[]> {
  const found: string[] = []
  for (const { colorScheme, width } of TOLD) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
    const faults = [
      ...(wide > width ? [`${wide} px wide`] : []),
      ...(await findAxeViolations(page)),
    ]
    found.push(...faults.map((fault) => `${colorScheme}, ${width} px: ${fault}`))
  }
  return found
}

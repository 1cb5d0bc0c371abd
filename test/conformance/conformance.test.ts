import { SECTIONS } from './cases'
import { runCase } from './run-case'

describe.each(SECTIONS)('$title', ({ cases }) => {
  test.each(cases)('$line', async (one) => {
    const { differences, exchanges } = await runCase(one)
    expect({ differences, exchanges }).toEqual({ differences: [], exchanges })
  })
})

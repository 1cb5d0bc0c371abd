import { executablePath } from './launch-chromium'

export { launchChromium } from './launch-chromium'

/** `describe` for tests that need a browser: skipped, and said so, where there is none; but never in CI. */
export const describeInBrowser = executablePath === undefined ? skip() : describe

function skip(): typeof describe.skip {
  if (process.env.CI === 'true') throw new Error('CI needs a Chromium, and found none in PATH')
  console.warn('Skipped: there is no Chromium in PATH or in the usual places.')
  return describe.skip
}

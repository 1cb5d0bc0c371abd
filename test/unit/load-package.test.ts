import { loadPackage, type Needed } from '../../src/load-package'

const REDIS: Needed = {
  packages: { 'no-such-redis': ['5.2', '6.0'], 'connect-to-it': ['9.0'] },
  purpose: 'Redis (key)',
  instead: 'or leave it out',
}
const express = (...releases: [string, ...string[]]): Needed => ({
  packages: { express: releases },
  purpose: 'This',
})

describe('loadPackage', () => {
  test.each([
    [`Cannot find module 'no-such-redis'\nRequire stack:\n- /a.js`],
    [`Cannot find module 'no-such-redis/lib/x.js' from 'src/a.ts'`],
    [`Our-own tried to access no-such-redis (a peer dependency) but it isn't provided`],
  ])('names all that is to be installed, where it is told: %s', (message) => {
    const load = () => {
      throw Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' })
    }
    expect(() => loadPackage(REDIS, load)).toThrow(
      'Redis (key) needs the package no-such-redis, which is not installed: run `npm install no-such-redis@6 connect-to-it@9`; or leave it out.',
    )
  })

  test.each([
    [express('5.0'), undefined],
    [express('4.21', '5.0'), undefined],
    // Newer than any that is known.
    [express('3.1'), undefined],
    [express('4.21', '5.9999'), 'from 4.21 or 5.9999 on, and 5.'],
    [express('4.21', '6.0'), 'run `npm install express@6`'],
    [express('5.9999', '6.0'), 'run `npm install express@5`'],
    [express('0.7', '5.9999'), 'run `npm install express@5`'],
  ])('with %j says of the Express that is here: %s', (needed, told) => {
    const load = () => loadPackage(needed, () => 'loaded')
    if (told === undefined) expect(load()).toBe('loaded')
    else expect(load).toThrow(told)
  })

  test('says what lets a process load what is compiled', () => {
    const message = 'Cannot load native addon because loading addons is disabled.'
    const load = () => {
      throw Object.assign(new Error(message), { code: 'ERR_DLOPEN_DISABLED' })
    }
    expect(() => loadPackage(REDIS, load)).toThrow(
      'the package no-such-redis, which this process may not load: start Node.js with --allow-addons, and without --no-addons; or',
    )
  })

  test('passes on what a package says that does not run here', () => {
    const load = () => {
      throw new Error('wrong ELF class\nof it')
    }
    expect(() => loadPackage(REDIS, load)).toThrow(
      /does not run on this machine .*: wrong ELF class;/,
    )
  })
})

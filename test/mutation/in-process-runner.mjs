// Runs the tests of a piece with Jest's own parts in one process, where Jest itself would begin anew for each change:
// a second apiece, of which the tests are a hundredth. All modules of this project are loaded anew, nothing else is.
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core'
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner'
import { readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { join, resolve, sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'

const require = createRequire(join(process.cwd(), 'package.json'))
const circus = require('jest-circus')
const { expect } = require('expect')
const { ModuleMocker } = require('jest-mock')
const { transformSync } = require('@swc/core')

const mocker = new ModuleMocker(globalThis)
const changes = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] = {})
/** The copy of the project that holds the changes: where this process is by the time that it begins. */
let root = ''
/** The file whose tests run. */
let underWay
/** What nobody has caught while a test ran. */
const uncaught = []

const STATUS = { pass: TestStatus.Success, fail: TestStatus.Failed, skip: TestStatus.Skipped }

class InProcessRunner {
  static inject = tokens(commonTokens.options)

  constructor({ inProcess: { tests } }) {
    this.files = tests
  }

  init() {
    root = process.cwd()
    const { jest: config } = JSON.parse(readFileSync('package.json', 'utf8'))
    compileTypeScript(config)
    globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] = config.testTimeout
    const { describe, test, it, beforeAll, beforeEach, afterAll, afterEach } = circus
    const jest = {
      fn: mocker.fn.bind(mocker),
      spyOn: mocker.spyOn.bind(mocker),
      restoreAllMocks: () => mocker.restoreAllMocks(),
    }
    const globals = { describe, test, it, beforeAll, beforeEach, afterAll, afterEach, expect, jest }
    Object.assign(globalThis, globals)
    circus.addEventHandler(follow)
    process.on('unhandledRejection', (reason) => uncaught.push(reason))
    process.on('uncaughtException', (error) => uncaught.push(error))
  }

  capabilities() {
    return { reloadEnvironment: true }
  }

  async dryRun() {
    const result = await run({ files: this.files, bails: false })
    const { mutantCoverage } = changes
    if (mutantCoverage !== undefined) return { ...result, mutantCoverage }
    return { status: DryRunStatus.Error, errorMessage: 'no test has met a change' }
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit }) {
    const wanted = testFilter && new Set(testFilter)
    const files = this.files.filter(
      (file) => wanted === undefined || testFilter.some((id) => id.startsWith(`${file} `)),
    )
    Object.assign(changes, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit && 0 })
    try {
      const result = await run({ files, wanted, bails: !disableBail })
      return toMutantRunResult(result, disableBail)
    } finally {
      Object.assign(changes, { activeMutant: undefined, hitLimit: undefined, hitCount: undefined })
    }
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner),
]

/** @param wanted Ids of tests; undefined: all. */
async function run({ files, wanted, bails }) {
  uncaught.length = 0
  const tests = []
  for (const file of files) {
    const isOver = bails && tests.some(({ status }) => status === TestStatus.Failed)
    if (!isOver) tests.push(...(await runFile(file, wanted, bails)))
  }
  return (
    determineHitLimitReached(changes.hitCount, changes.hitLimit) ?? {
      status: DryRunStatus.Complete,
      tests,
    }
  )
}

async function runFile(file, wanted, bails) {
  forgetModules()
  circus.resetState()
  underWay = { file, wanted, bails, hasFailed: false }
  try {
    require(resolve(root, file))
  } catch (error) {
    return [failed(file, error)]
  }
  await circus.run()
  mocker.restoreAllMocks()
  await setImmediate()
  const [error] = [...uncaught, ...circus.getState().unhandledErrors]
  const results = testsOf(circus.getState().rootDescribeBlock).map((test) => ({
    id: idOf(file, test),
    name: idOf(file, test),
    fileName: resolve(root, file),
    timeSpentMs: test.duration ?? 0,
    status: test.errors.length > 0 ? TestStatus.Failed : (STATUS[test.status] ?? STATUS.pass),
    failureMessage: test.errors.map(String).join('\n'),
  }))
  return error === undefined ? results : [...results, failed(file, error)]
}

function follow({ name, test }) {
  if (name === 'test_start') {
    const { file, wanted, bails, hasFailed } = underWay
    changes.currentTestId = idOf(file, test)
    const isWanted = wanted === undefined || wanted.has(changes.currentTestId)
    if (!isWanted || (bails && hasFailed)) test.mode = 'skip'
  }
  if (name === 'test_done') {
    changes.currentTestId = undefined
    underWay.hasFailed ||= test.errors.length > 0
  }
}

function failed(file, error) {
  const id = `${file} as a whole`
  return { id, name: id, timeSpentMs: 0, status: TestStatus.Failed, failureMessage: String(error) }
}

function idOf(file, test) {
  const names = []
  for (let block = test; block.parent !== undefined; block = block.parent) names.unshift(block.name)
  return `${file} ${names.join(' ')}`
}

function testsOf(block) {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)))
}

/** Tests, what has a change in it, and all that could hold on to it. */
function forgetModules() {
  const own = Object.values(require.cache).filter(({ filename }) => filename.startsWith(root + sep))
  const stale = new Set(own.filter(({ filename }) => changed.has(filename) || isTest(filename)))
  let before = -1
  while (stale.size > before) {
    before = stale.size
    for (const module of own) if (module.children.some((one) => stale.has(one))) stale.add(module)
  }
  for (const { filename } of stale) delete require.cache[filename]
}

const isTest = (file) => file.startsWith(join(root, 'test') + sep)

/** Files of the project with changes in them. */
const changed = new Set()

/** As Jest is told to, each file once. */
function compileTypeScript({ transform }) {
  const [, options] = Object.values(transform)[0]
  const compiled = new Map()
  Module._extensions['.ts'] = (module, filename) => {
    if (!compiled.has(filename)) {
      const source = readFileSync(filename, 'utf8')
      if (source.includes('stryMutAct_')) changed.add(filename)
      compiled.set(filename, transformSync(source, { ...options, swcrc: false, filename }).code)
    }
    module._compile(compiled.get(filename), filename)
  }
}

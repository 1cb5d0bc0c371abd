#!/usr/bin/env node
import { createProgram } from './create-program'
import { describeFailure } from './describe-failure'

/**
 * A reader that has seen enough (`| head`) is no fault: what is still written goes nowhere, and the command ends as it
 * would have. Any other failure to write the answer ends it with a sentence.
 */
process.stdout.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return
  console.error(`Standard output cannot be written (${code}).`)
  process.exit(1)
})

createProgram(process.argv[2])
  .parseAsync()
  .catch((thrown: unknown) => {
    console.error(describeFailure(thrown))
    process.exit(1)
  })

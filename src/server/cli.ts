#!/usr/bin/env node
import { createProgram } from './create-program'
import { describeFailure } from './describe-failure'
import { surviveClosedOutput } from './survive-closed-output'

surviveClosedOutput()
createProgram()
  .parseAsync()
  .catch((thrown: unknown) => {
    console.error(describeFailure(thrown))
    process.exit(1)
  })

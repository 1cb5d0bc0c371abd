/**
 * A reader that has seen enough (`| head`) is no fault: what is still written goes nowhere, and the command ends as it would
 * have. Any other failure to write the answer ends it with a sentence.
 */
export function surviveClosedOutput(): void {
  process.stdout.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return
    console.error(`Standard output cannot be written (${code}).`)
    process.exit(1)
  })
}

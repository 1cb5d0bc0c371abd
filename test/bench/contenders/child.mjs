// What every process of the benchmark has in common: its settings, and answers to what the driver asks over IPC.

/** Settings from the driver, as JSON in the last argument. */
export const settings = JSON.parse(process.argv[2] ?? '{}')

/** Tells the driver that this process is ready, and then answers what it asks: one function a question. */
export function answerDriver(ready, answers) {
  process.on('message', ({ id, question, input }) => {
    Promise.resolve(answers[question](input)).then(
      (answer) => process.send({ id, answer }),
      (error) => process.send({ id, error: String(error?.stack ?? error) }),
    )
  })
  process.once('disconnect', () => process.exit())
  process.send({ ready })
}

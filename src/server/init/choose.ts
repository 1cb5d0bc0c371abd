import { CommandError } from '../command-error'
import { readFixedPort } from '../read-number'
import type { Questions } from './ask'
import { EXPRESS_VERSIONS, LANGUAGES, MODES, type Choices } from './choices'
import { readAppId } from './project-name'

/**
 * Completes what was given by options: asks for the rest, or takes the presets.
 *
 * @param projectName Preset of the app id.
 * @param questions Undefined: nobody is asked.
 */
export async function choose(
  given: Partial<Choices>,
  projectName: string,
  questions: Questions | undefined,
): Promise<Choices> {
  const complete = <Value>(
    chosen: Value | undefined,
    question: string,
    preset: string,
    read: (answer: string) => Value,
  ): Value | Promise<Value> => chosen ?? questions?.ask(question, preset, read) ?? read(preset)
  return {
    lang: await complete(given.lang, 'TypeScript or JavaScript: ts, js', 'ts', oneOf(LANGUAGES)),
    express: await complete(given.express, 'Express: 5, 4', '5', oneOf(EXPRESS_VERSIONS)),
    mode: await complete(
      given.mode,
      'Pages made on the server, or one page with an API: session, token',
      'session',
      oneOf(MODES),
    ),
    app: await complete(given.app, 'Name of the app to sign in to', projectName, readAppId),
    port: await complete(given.port, 'Port', '3000', readFixedPort),
  }
}

function oneOf<Value extends string>(values: readonly Value[]): (answer: string) => Value {
  return (answer) => {
    const value = values.find((one) => one === answer.toLowerCase())
    if (value === undefined) throw new CommandError(`It is one of: ${values.join(', ')}.`)
    return value
  }
}

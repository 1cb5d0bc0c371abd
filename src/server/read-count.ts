import { InvalidArgumentError } from 'commander'

/** For options that count from 1. */
export function countUpTo(max: number): (argument: string) => number {
  return (argument) => {
    const count = /^\d{1,9}$/.test(argument) ? Number(argument) : NaN
    if (count >= 1 && count <= max) return count
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
  }
}

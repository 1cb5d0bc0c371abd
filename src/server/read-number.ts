import { InvalidArgumentError } from 'commander'

type ReadNumber = (argument: string) => number

/** Reads a TCP port from the command line; 0 means any that is free. */
export const readPort = wholeNumber(0, 65_535)

/** The same where it has to be known beforehand. */
export const readFixedPort = wholeNumber(1, 65_535)

/** For options that count from 1. */
export function countUpTo(max: number): ReadNumber {
  return wholeNumber(1, max)
}

function wholeNumber(least: number, most: number): ReadNumber {
  return (argument) => {
    const number = /^\d{1,9}$/.test(argument) ? Number(argument) : NaN
    if (number >= least && number <= most) return number
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}

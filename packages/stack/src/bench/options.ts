import { parseArgs } from 'node:util'
import { integerOption } from '../number-option.ts'
import { StackError } from '../stack-error.ts'

/** What can be measured, in the order in which it is. `parts` are the bare libraries and servers, for comparison. */
export const measurements = ['parts', 'products', 'checkout', 'webhook', 'cancel', 'hanging'] as const
export type Measurement = (typeof measurements)[number]

export interface BenchOptions {
  readonly only: readonly Measurement[]
  readonly clients: readonly number[]
  readonly delaysMs: readonly number[]
  /** How long one line is measured. */
  readonly lineMs: number
  /** Writes a CPU profile of each service beside the JSON. */
  readonly isProfiled: boolean
  /** How many orders are written into the database to see what that changes; undefined: none, and the other lines instead. */
  readonly orders?: number
}

export const usage = `usage: npm run bench -- [options]
  --quick             short lines: shows that everything works, the figures are rough
  --seconds=4         how long each line is measured
  --only=a,b          ${measurements.join(', ')}
  --clients=1,16,64   how many at a time
  --delays=0,50,300   ms that Toss takes
  --orders=1000000    instead of the other lines: costs with few and with so many orders in the database
  --profile           a CPU profile of each service, into .stack/bench/`

/** @throws StackError naming what is wrong */
export function readOptions(args: readonly string[]): BenchOptions {
  try {
    return read(args)
  } catch (error) {
    throw new StackError(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error })
  }
}

function read(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const known = { quick: flag, seconds: text, only: text, clients: text, delays: text, orders: text, profile: flag }
  const { quick, seconds, only, clients, delays, orders, profile } = parseArgs({
    args: [...args],
    options: known,
  }).values
  const names = only?.split(',') ?? measurements
  const unknown = names.filter((name) => !isMeasurement(name))
  if (unknown.length > 0) throw new StackError(`--only: there is no ${unknown.join(', ')}`)
  return {
    only: measurements.filter((name) => names.includes(name)),
    clients: integers('clients', clients ?? '1,16,64', 1, 1_000),
    delaysMs: integers('delays', delays ?? '0,50,300', 0, 5_000),
    lineMs: quick === true ? 500 : 1_000 * integerOption('seconds', seconds ?? '4', 1, 600),
    isProfiled: profile === true,
    ...(orders === undefined ? {} : { orders: integerOption('orders', orders, 1, 10_000_000) }),
  }
}

function isMeasurement(name: string): name is Measurement {
  return measurements.some((known) => known === name)
}

function integers(option: string, given: string, min: number, max: number): number[] {
  return given.split(',').map((value) => integerOption(option, value, min, max))
}

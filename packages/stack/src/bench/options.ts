import { parseArgs } from 'node:util'
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
  const { quick, seconds, only, clients, delays, orders, profile } = parse(args)
  const names = only?.split(',') ?? measurements
  const unknown = names.filter((name) => !isMeasurement(name))
  if (unknown.length > 0) throw new StackError(`--only: there is no ${unknown.join(', ')}\n${usage}`)
  return {
    only: measurements.filter((name) => names.includes(name)),
    clients: numbers('clients', clients ?? '1,16,64', 1, 1_000),
    delaysMs: numbers('delays', delays ?? '0,50,300', 0, 5_000),
    lineMs: quick === true ? 500 : 1_000 * (numbers('seconds', seconds ?? '4', 1, 600)[0] ?? 4),
    isProfiled: profile === true,
    ...(orders === undefined ? {} : { orders: numbers('orders', orders, 1, 10_000_000)[0] ?? 0 }),
  }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    const options = { quick: flag, seconds: text, only: text, clients: text, delays: text, orders: text, profile: flag }
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new StackError(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error })
  }
}

function isMeasurement(name: string): name is Measurement {
  return measurements.some((known) => known === name)
}

function numbers(option: string, given: string, min: number, max: number): number[] {
  const values = given.split(',').map(Number)
  if (values.every((value) => Number.isInteger(value) && value >= min && value <= max)) return values
  throw new StackError(`--${option}: "${given}" is no list of whole numbers from ${min} to ${max}\n${usage}`)
}

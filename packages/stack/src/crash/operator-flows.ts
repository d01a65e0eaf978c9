import { randomUUID } from 'node:crypto'
import { cloudEvent } from '@checkout/contracts/events'
import { eventually } from '../testing/eventually.ts'
import type { OpsRun } from '../testing/ops-program.ts'
import type { CrashWorld } from './crash-world.ts'
import type { Flow } from './flow.ts'
import { AMOUNT_KRW, opened, ordered, PATIENCE_MS, poison } from './steps.ts'

const REASON = ['--apply', '--reason', 'crash matrix']

/**
 * One command, as an operator gives it whose program may die: a run that was announced is resumed, anything else is typed once more.
 * It is done when it says so, or when its record does.
 */
const operate = async (world: CrashWorld, args: readonly string[]): Promise<OpsRun<number | string>> => {
  let command = args
  return eventually(
    async () => {
      const run = await world.operate(command)
      const id = /^run (\S+); if it is stopped/m.exec(run.stderr)?.[1]
      if (id !== undefined) command = ['replay', '--resume', id]
      const hasEndedWell = /this run has ended at .*: \d+ sent, all handled$/m.test(run.stderr)
      if (run.code === 0 || hasEndedWell) return run
      throw new Error(`ops ${command.join(' ')} ended with ${run.code}:\n${run.stdout}\n${run.stderr}`)
    },
    { timeoutMs: PATIENCE_MS, intervalMs: 500 },
  )
}

type Letter = { readonly letter: string; readonly key: string | null }

/** The open dead letters with this key. */
const lettersOf = async (world: CrashWorld, key: string): Promise<readonly Letter[]> => {
  const { stdout } = await world.operate(['dead-letters', 'list', '--key', key, '--json'])
  return JSON.parse(stdout) as Letter[]
}

const letterOf = (world: CrashWorld, key: string): Promise<string> =>
  eventually(
    async () => {
      const [found] = await lettersOf(world, key)
      if (found === undefined) throw new Error(`no dead letter with the key ${key}`)
      return found.letter
    },
    { timeoutMs: PATIENCE_MS, intervalMs: 500 },
  )

const expectNoLetter = async (world: CrashWorld, key: string): Promise<void> => {
  const left = await lettersOf(world, key)
  if (left.length > 0) throw new Error(`the dead letters are still open: ${JSON.stringify(left)}`)
}

/** What the order service said when the order was made, once more. */
const createdEvent = (orderId: string): string => {
  const now = new Date()
  const expiresAt = new Date(now.getTime() + 40 * 60_000).toISOString()
  return JSON.stringify(
    cloudEvent('order.created', {
      id: `${orderId}:again`,
      service: 'order',
      subject: orderId,
      time: now,
      data: { orderId, amountKrw: AMOUNT_KRW, currency: 'KRW', lines: [], createdAt: now.toISOString(), expiresAt },
    }),
  )
}

/** What operators do with messages. Each command says more than once what is known already, and nothing may come of that. */
export const operatorFlows: readonly Flow[] = [
  {
    name: 'an operator replays an order',
    features: ['orders', 'replays'],
    play: async (world) => {
      const orderId = await ordered(world)
      await opened(world, orderId)
      await operate(world, ['replay', '--topic', 'order.created', '--order', orderId, ...REASON])
    },
  },
  {
    name: 'an operator repairs a dead letter and redrives it',
    features: ['orders', 'poisons payment', 'redrives'],
    play: async (world) => {
      const orderId = await ordered(world)
      await opened(world, orderId)
      const key = `stray-${randomUUID()}`
      await poison(world, 'order.created', 'payment', { key, value: createdEvent(orderId) })
      const letter = await letterOf(world, key)
      await operate(world, ['dead-letters', 'redrive', letter, '--new-key', orderId, ...REASON])
      await expectNoLetter(world, key)
    },
  },
  {
    name: 'an operator discards a dead letter',
    features: ['poisons payment', 'discards'],
    play: async (world) => {
      const key = `stray-${randomUUID()}`
      await poison(world, 'order.created', 'payment', { key, value: 'no event' })
      await operate(world, ['dead-letters', 'discard', await letterOf(world, key), ...REASON])
      await expectNoLetter(world, key)
    },
  },
  {
    name: 'an operator writes a topic anew from the documents',
    features: ['orders', 'rewrites'],
    play: async (world) => {
      await ordered(world)
      await operate(world, ['replay', '--topic', 'order.created', '--from-documents', ...REASON])
    },
  },
]

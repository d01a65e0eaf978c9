import type { Topic } from '@checkout/contracts/events'
import { deadLetterTopic } from '@checkout/messaging/dead-letter'
import type { KafkaLog, LoggedMessage, PartitionRange } from '@checkout/messaging/log-reader'
import { z } from 'zod'
import type { Group } from '../connect.ts'
import { exitCodes, Failure } from '../exit-codes.ts'

const range = z.object({ partition: z.number(), from: z.number(), to: z.number() })

/**
 * Which messages a run replays. It is kept with the run, ends where the log ended when it was planned, and selects the same messages
 * in the same places whenever it is read again: that is how a run that was killed goes on.
 */
export const selectionSchema = z.object({
  source: z.enum(['log', 'dead-letters']),
  ranges: z.array(range),
  orders: z.array(z.string()).optional(),
  types: z.array(z.string()).optional(),
  limit: z.number().optional(),
  /** Of dead letters: which ones, and where each lies. */
  letters: z.array(z.object({ id: z.string(), partition: z.number(), offset: z.string(), at: z.string() })).optional(),
  /** A repaired dead letter: other bytes, or another key, in the place of its own. */
  repair: z.object({ value: z.string().optional(), key: z.string().optional() }).optional(),
  /** Messages a second. */
  rate: z.number(),
  /** Where the replay topic and the dead letters ended before the first message: behind it is what this run has caused. */
  before: z.object({ replay: z.array(range), deadLetters: z.array(range) }).optional(),
})
export type Selection = z.infer<typeof selectionSchema>

/** A selected message; `letter` when it is a dead one. */
export type Selected = {
  readonly message: LoggedMessage
  readonly letter?: { readonly id: string; readonly at: string }
}

/** The selected messages from their log, in order within a partition, from where `ranges` begin. */
export async function* select(
  log: KafkaLog,
  topic: Topic,
  group: Group,
  selection: Selection,
  ranges: readonly PartitionRange[] = selection.ranges,
): AsyncGenerator<Selected, void> {
  const { source, orders, types, letters, repair } = selection
  const from = source === 'log' ? topic : deadLetterTopic(topic, group)
  const places = letters && new Map(letters.map((letter) => [`${letter.partition}/${letter.offset}`, letter]))
  const keys = orders && new Set(orders)
  for await (const message of log.read(from, ranges, { keys })) {
    const letter = places?.get(`${message.partition}/${message.offset}`)
    if (places !== undefined && letter === undefined) continue
    if (types !== undefined && !isOfType(message, types)) continue
    yield { message: repair === undefined ? message : repaired(message, repair), ...(letter && { letter }) }
  }
}

const repaired = (message: LoggedMessage, { value, key }: NonNullable<Selection['repair']>): LoggedMessage => ({
  ...message,
  key: key ?? message.key,
  value: value === undefined ? message.value : Buffer.from(value),
  // What is passed on is the key to the byte, where that is known.
  ...(key === undefined || message.raw === undefined ? {} : { raw: { ...message.raw, key: Buffer.from(key) } }),
})

/** By the event's type, or by what it says has happened: a payment's status, a webhook's type. */
const isOfType = ({ value }: LoggedMessage, types: readonly string[]): boolean => {
  const names = z.object({
    type: z.string().optional(),
    data: z.object({ status: z.string().optional(), eventType: z.string().optional() }).optional(),
  })
  try {
    const { type, data } = names.parse(JSON.parse(String(value)))
    return [type, type?.replace(/[.]v\d+$/, ''), data?.status, data?.eventType].some(
      (name) => name !== undefined && types.includes(name),
    )
  } catch {
    // What cannot be read is of no type.
    return false
  }
}

/** Each is named in the record of its run, which stays readable. */
const MAX_LETTERS = 1_000

/** The selection of these dead letters of one topic and group. @throws Failure when they are too many for one run */
export const letterSelection = async (
  log: KafkaLog,
  of: {
    readonly topic: Topic
    readonly group: Group
    readonly letters: readonly { id: string; partition: number; offset: string; diedAt: string }[]
  },
  common: Pick<Selection, 'rate' | 'limit' | 'orders' | 'types' | 'repair'>,
): Promise<Selection> => {
  const letters = of.letters.slice(0, common.limit)
  if (letters.length > MAX_LETTERS)
    throw new Failure(
      exitCodes.usage,
      `${letters.length} dead letters are too many for one run: --limit ${MAX_LETTERS}`,
    )
  const name = deadLetterTopic(of.topic, of.group)
  const ranges = letters.length === 0 ? [] : await log.ranges(name)
  return {
    ...common,
    source: 'dead-letters',
    ranges: [...ranges],
    letters: letters.map(({ id, partition, offset, diedAt }) => ({ id, partition, offset, at: diedAt })),
  }
}

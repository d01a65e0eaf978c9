import { createHash } from 'node:crypto'
import { scrub } from '@checkout/contracts/personal-data'
import type { IncomingMessage, OutgoingMessage } from './bus.ts'
import { origin } from './replay.ts'

/** `<topic>.<group>.dead-letter`: one per topic and group, because a message that one group cannot digest may be fine for another. */
export const deadLetterTopic = (topic: string, group: string): string => `${topic}.${group}.dead-letter`

const MAX_CAUSE_LENGTH = 500

/**
 * The original message, to the byte, with where it came from and why it is here. Whatever its bytes are, they stay where they
 * lie already, in this Kafka; the reason and the place never quote them. One that was replayed came from where it first was.
 */
export const toDeadLetter = (message: IncomingMessage, cause: string, attempts: number): OutgoingMessage => {
  const from = origin(message)
  return {
    key: message.raw === undefined ? message.key : message.raw.key,
    value: message.value,
    headers: {
      ...(message.raw?.headers ?? message.headers),
      'dead-letter-id': message.headers['dead-letter-id'] ?? idOf(from, message.value),
      'dead-letter-cause': scrub(cause).slice(0, MAX_CAUSE_LENGTH),
      'dead-letter-attempts': String(attempts),
      'dead-letter-topic': from.topic,
      'dead-letter-partition': String(from.partition),
      'dead-letter-offset': from.offset,
    },
  }
}

/** What is known of a dead letter beside its message. */
export type DeadLetter = {
  /** The same each time that this message dies, replayed or repaired: by it, replays are counted. */
  readonly id: string
  readonly cause: string
  readonly attempts: number
  /** Where the message was when it first died. */
  readonly topic: string
  readonly partition: number
  readonly offset: string
}

/** Reads what `toDeadLetter` has written; `topic` is the dead letters' own when a message there has no such headers. */
export const readDeadLetter = ({ topic, partition, offset, value, headers }: IncomingMessage): DeadLetter => {
  const from = {
    topic: headers['dead-letter-topic'] ?? topic,
    partition: Number(headers['dead-letter-partition'] ?? partition),
    offset: headers['dead-letter-offset'] ?? offset,
  }
  return {
    id: headers['dead-letter-id'] ?? idOf(from, value),
    cause: headers['dead-letter-cause'] ?? 'unknown',
    attempts: Number(headers['dead-letter-attempts'] ?? 0),
    ...from,
  }
}

/** With a hash of the bytes, because the offsets of a topic that was lost and written anew begin again. */
const idOf = (from: { topic: string; partition: number; offset: string }, value: Buffer | null): string => {
  const hash = createHash('sha256')
    .update(value ?? '')
    .digest('hex')
  return `${from.topic}/${from.partition}/${from.offset}/${hash.slice(0, 8)}`
}

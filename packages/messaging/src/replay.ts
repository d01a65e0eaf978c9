import type { IncomingMessage, OutgoingMessage } from './bus.ts'

/**
 * `<topic>.<group>.replay`: what is told to one group again. Its consumers read it beside the topic itself, the other groups do not
 * know of it. News of one key may overtake each other between the two topics, which the consumers bear as they bear any late or
 * double event.
 */
export const replayTopic = (topic: string, group: string): string => `${topic}.${group}.replay`

/** A message that replays this one: the same key and bytes, hence the same event id. `sequence` is its place in the run. */
export const toReplay = (message: IncomingMessage, run: string, sequence: number): OutgoingMessage => {
  const from = origin(message)
  return {
    key: message.raw === undefined ? message.key : message.raw.key,
    value: message.value,
    headers: {
      ...Object.fromEntries(
        Object.entries(message.raw?.headers ?? message.headers).filter(([name]) => !causes.has(name)),
      ),
      'replay-run': run,
      'replay-sequence': String(sequence),
      'original-topic': from.topic,
      'original-partition': String(from.partition),
      'original-offset': from.offset,
    },
  }
}

/** Why a message died has nothing to say about it any more; which one it is, stays. */
const causes = new Set([
  'dead-letter-cause',
  'dead-letter-attempts',
  'dead-letter-topic',
  'dead-letter-partition',
  'dead-letter-offset',
])

/** Where a message was published first: of a replayed one, and of a dead letter, not where it is now. */
export const origin = (message: IncomingMessage): { topic: string; partition: number; offset: string } => {
  const { headers } = message
  const given = (place: string) =>
    headers[`original-${place}`] ?? (isDeadLetter(message) ? headers[`dead-letter-${place}`] : undefined)
  return {
    topic: given('topic') ?? message.topic,
    partition: Number(given('partition') ?? message.partition),
    offset: given('offset') ?? message.offset,
  }
}

const isDeadLetter = ({ topic }: IncomingMessage): boolean => topic.endsWith('.dead-letter')

import { type CloudEvent, type EventData, type Topic, topics } from '@checkout/contracts/events'
import type { KafkaLog, LoggedMessage } from '@checkout/messaging/log-reader'
import { partitionOf } from '@checkout/messaging/partition'
import { readEvent } from '@checkout/messaging/read-event'

/** An event of an order as it lies in Kafka. */
export type OrderEvent = {
  readonly at: Date
  readonly topic: Topic
  readonly partition: number
  readonly offset: string
  readonly text: string
  /** Of payment.status-changed: the whole public state of the payment at that version. */
  readonly payment?: EventData<'payment.status-changed'>
}

/** The broker's clock and the services' differ, and an outbox is emptied a moment after its write. */
const SLACK_MS = 60_000

/**
 * What lies in Kafka under these keys, written between two moments. Only the keys' own partitions are read, from the first moment on.
 */
export const readOrderEvents = async (
  log: Pick<KafkaLog, 'ranges' | 'read'>,
  keysOf: (topic: Topic) => readonly string[],
  between: { readonly from: Date; readonly to: Date },
  onRead: () => void,
): Promise<readonly OrderEvent[]> => {
  const from = { at: new Date(between.from.getTime() - SLACK_MS) }
  const to = { at: between.to }
  const readTopic = async (topic: Topic): Promise<readonly OrderEvent[]> => {
    const keys = new Set(keysOf(topic))
    const ranges = await log.ranges(topic, { from, to })
    const partitions = new Set([...keys].map((key) => partitionOf(topic, key, ranges.length)))
    const own = ranges.filter(({ partition }) => partitions.has(partition))
    const events: OrderEvent[] = []
    for await (const message of log.read(topic, own, { keys })) {
      events.push(describe(topic, message))
      onRead()
    }
    return events
  }
  return (await Promise.all(Object.keys(topics).map((topic) => readTopic(topic as Topic)))).flat()
}

const describe = (topic: Topic, message: LoggedMessage): OrderEvent => {
  const { at, partition, offset } = message
  const place = { at, topic, partition, offset }
  try {
    if (topic === 'payment.status-changed') {
      const { data } = readEvent(topic, message)
      const text = `version ${data.version}, ${data.previousStatus} → ${data.status}, ${data.refundedKrw} KRW refunded`
      return { ...place, text, payment: data }
    }
    return { ...place, text: textOf(readEvent(topic, message)) }
  } catch {
    return { ...place, text: 'cannot be read as an event of this topic' }
  }
}

const textOf = ({ id, type }: CloudEvent): string => `${type} ${id.slice(0, 60)}`

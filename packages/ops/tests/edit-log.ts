import { createKafkaClient } from '@checkout/messaging/kafka-client'
import type { LoggedMessage } from '@checkout/messaging/log-reader'
import type { OpsSystem } from './ops-system.ts'
import type { openStores } from './stores.ts'

/** What becomes of the messages of one key. */
export type Edit = (messages: readonly LoggedMessage[]) => readonly LoggedMessage[]

type Written = Pick<LoggedMessage, 'key' | 'value'> & Partial<Pick<LoggedMessage, 'partition' | 'headers'>>

/** Kafka's log in the hands of somebody who may do with it what no service does. */
export const editLog = async ({ system }: OpsSystem, stores: Awaited<ReturnType<typeof openStores>>) => {
  const kafka = createKafkaClient(system.ops.env.KAFKA_BROKERS ?? '', 'edit-log')
  const producer = kafka.producer()
  const admin = kafka.admin()
  await Promise.all([producer.connect(), admin.connect()])

  const append = async (
    topic: string,
    messages: readonly (Omit<Written, 'value'> & { value: Written['value'] | string })[],
  ) => {
    await producer.send({ topic: system.namespace + topic, acks: -1, messages: [...messages] })
  }
  /** Deletes what lies there and writes this in its place, behind it: offsets are never used twice. */
  const write = async (topic: string, messages: readonly LoggedMessage[]): Promise<void> => {
    const name = system.namespace + topic
    // By this admin: kafkajs deletes only from topics that it has asked about before.
    const held = await admin.fetchTopicOffsets(name)
    const partitions = held
      .filter(({ low, high }) => low !== high)
      .map(({ partition, high }) => ({ partition, offset: high }))
    if (partitions.length > 0) await admin.deleteTopicRecords({ topic: name, partitions })
    if (messages.length > 0)
      await append(
        topic,
        messages.map(({ key, value, partition, headers }) => ({ key, value, partition, headers })),
      )
  }
  return {
    append,
    write,
    /** Edits what lies under these keys and leaves the rest. @returns what was there before, to be written back */
    edit: async (topic: string, edits: ReadonlyMap<string, Edit>): Promise<readonly LoggedMessage[]> => {
      const originals = await stores.messages(topic)
      const keys = new Set(originals.map(({ key }) => key ?? ''))
      await write(
        topic,
        [...keys].flatMap((key) => {
          const messages = originals.filter((message) => (message.key ?? '') === key)
          return edits.get(key)?.(messages) ?? messages
        }),
      )
      return originals
    },
    close: () => Promise.all([producer.disconnect(), admin.disconnect()]),
  }
}

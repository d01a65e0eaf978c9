import { createHash } from 'node:crypto'
import { type KafkaLog, type LoggedMessage, openKafkaLog } from '@checkout/messaging/log-reader'
import { createLogger } from '@checkout/runtime/log'
import { mongo } from 'mongoose'
import type { OpsSystem } from './ops-system.ts'

type Document = { _id: string; [field: string]: unknown }

/** What a system keeps, seen from beside it. */
export const openStores = async ({ system }: OpsSystem) => {
  const client = new mongo.MongoClient(system.mongoUrl)
  const log = await openKafkaLog({
    brokers: system.ops.env.KAFKA_BROKERS ?? '',
    namespace: system.namespace,
    log: createLogger('test', 'silent'),
  })
  const collection = (service: 'order' | 'payment', name: string) =>
    client.db(system.namespace + service).collection<Document>(name)
  return {
    log,
    collection,
    /** A hash over each collection that holds what the shop knows; what operators do is on record elsewhere. */
    hashes: async (): Promise<Record<string, string>> => {
      const kept = [
        collection('order', 'orders'),
        collection('payment', 'payments'),
        collection('payment', 'webhookEvents'),
      ]
      const hash = async (one: mongo.Collection<Document>) => {
        const documents = await one.find().sort({ _id: 1 }).toArray()
        return createHash('sha256').update(mongo.BSON.EJSON.stringify(documents)).digest('hex')
      }
      return Object.fromEntries(
        await Promise.all(kept.map(async (one) => [one.collectionName, await hash(one)] as const)),
      )
    },
    messages: (topic: string) => messagesOf(log, topic),
    close: () => Promise.all([client.close(), log.close()]),
  }
}

const messagesOf = async (log: KafkaLog, topic: string): Promise<LoggedMessage[]> => {
  const messages: LoggedMessage[] = []
  for await (const message of log.read(topic, await log.ranges(topic))) messages.push(message)
  return messages
}

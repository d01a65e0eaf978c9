import type { IHeaders, KafkaMessage } from 'kafkajs'
import type { Headers, IncomingMessage } from './bus.ts'

/** A message as kafkajs gives it, as ours. `topic` is the name without the namespace. */
export const incoming = (topic: string, partition: number, message: KafkaMessage): IncomingMessage => {
  const headers = message.headers ?? {}
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key?.toString() ?? null,
    value: message.value,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    raw: { key: message.key, headers: definedOnly(headers) },
  }
}

const definedOnly = (headers: IHeaders): Headers =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

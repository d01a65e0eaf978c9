import { AppError } from '@checkout/contracts/errors'
import type { ICustomPartitioner, RecordMetadata } from 'kafkajs'

/**
 * Whether a send was acknowledged for every partition that it had messages for. kafkajs reports success although a part was never
 * sent, when one of several brokers dies during a send: on its second try it leaves out every broker that has answered once, also
 * when that one has meanwhile become the leader of what the dead one led.
 */
export const createAcknowledgements = (partitioner: ICustomPartitioner) => {
  /** Of each topic the partitions that the send under way has messages for. */
  const addressed = new Map<string, Set<number>>()
  return {
    /** Chooses as `partitioner` does, and notes what it chose. */
    createPartitioner: (() => {
      const choose = partitioner()
      return (args) => {
        const partition = choose(args)
        addressed.get(args.topic)?.add(partition)
        return partition
      }
    }) satisfies ICustomPartitioner,
    /** To be called before each send; of one topic there may be one at a time. */
    begin: (topic: string): void => {
      addressed.set(topic, new Set())
    },
    /** @throws AppError SERVICE_UNAVAILABLE if anything is missing: sending all again gives duplicates, nothing worse */
    assertAll: (topic: string, answers: readonly RecordMetadata[]): void => {
      const isAcknowledged = (partition: number) =>
        answers.some((answer) => answer.topicName === topic && answer.partition === partition && answer.errorCode === 0)
      const left = [...(addressed.get(topic) ?? [])].filter((partition) => !isAcknowledged(partition))
      if (left.length === 0) return
      const cause = new Error(`Kafka acknowledged nothing for ${topic}, partition ${left.join(', ')}`)
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 2 }, { cause })
    },
  }
}

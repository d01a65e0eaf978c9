import { Partitioners } from './kafkajs.ts'

/** Where the bus puts messages of this key, in a topic of so many partitions. */
export const partitionOf = (topic: string, key: string, partitions: number): number =>
  Partitioners.DefaultPartitioner()({
    topic,
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
      partitionErrorCode: 0,
      partitionId,
      leader: 0,
      replicas: [],
      isr: [],
    })),
    message: { key, value: null },
  })

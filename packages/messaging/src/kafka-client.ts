import { Kafka, logLevel } from './kafkajs.ts'

/** kafkajs for tools that look at topics and groups themselves; services use the bus. Errors are thrown, nothing is logged. */
export const createKafkaClient = (brokers: string, clientId: string): Kafka =>
  new Kafka({
    clientId,
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    // A person waits in front of it: away is said after a few seconds.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
  })

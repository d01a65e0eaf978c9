import { setImmediate as turn } from 'node:timers/promises'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { describe, expect, it } from '@jest/globals'
import { Kafka } from 'kafkajs'
import { startConsumer } from './kafka-consumer.ts'

type Crash = (event: { payload: { error: Error; restart: boolean } }) => void

/** A client whose consumers do nothing but remember who listens for their crash. */
class CrashingKafka extends Kafka {
  readonly crashes: Crash[] = []
  stopped = 0

  constructor() {
    super({ brokers: ['127.0.0.1:1'] })
  }

  override consumer(config: Parameters<Kafka['consumer']>[0]): ReturnType<Kafka['consumer']> {
    const consumer = super.consumer(config)
    const idle = () => Promise.resolve()
    return {
      ...consumer,
      on: ((name: string, listener: Crash) => {
        if (name === consumer.events.CRASH) this.crashes.push(listener)
        return () => undefined
      }) as typeof consumer.on,
      connect: idle,
      subscribe: idle,
      run: idle,
      stop: () => {
        this.stopped += 1
        return Promise.resolve()
      },
      disconnect: idle,
    }
  }
}

const settle = async () => {
  for (let i = 0; i < 20; i += 1) await turn()
}

const start = async () => {
  const kafka = new CrashingKafka()
  const fatal: Error[] = []
  const consumer = startConsumer({
    kafka,
    admin: kafka.admin(),
    subscription: { group: 'g', topics: ['t'], handle: () => Promise.resolve() },
    replayed: [],
    ready: Promise.resolve(),
    full: (name) => name,
    bus: { publish: () => Promise.resolve(), consume: () => ({ close: () => Promise.resolve() }) },
    log: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    onFatal: (error) => fatal.push(error),
  })
  await settle()
  return { kafka, fatal, consumer }
}

describe('a consumer that crashed for good', () => {
  it('is recreated, and the third time within ten minutes ends the process', async () => {
    const { kafka, fatal, consumer } = await start()
    for (let crashes = 1; crashes <= 3; crashes += 1) {
      expect([kafka.crashes.length, fatal.length]).toEqual([crashes, 0])
      kafka.crashes.at(-1)?.({ payload: { error: new Error('boom'), restart: false } })
      await settle()
    }
    expect(fatal.map(({ message }) => message)).toEqual([
      'the consumer of g had to be recreated 3 times within ten minutes',
    ])
    expect(kafka.stopped).toBe(2)
    await consumer.close()
  })

  it('is left alone when kafkajs restarts it by itself', async () => {
    const { kafka, consumer } = await start()
    kafka.crashes.at(-1)?.({ payload: { error: new Error('boom'), restart: true } })
    await settle()
    expect(kafka.crashes.length).toBe(1)
    await consumer.close()
  })
})

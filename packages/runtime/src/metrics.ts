import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const seconds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** The metrics that every service shares. Durations in seconds; rates follow from the histograms' counts. */
export const createMetrics = (service: string) => {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Histogram({ name, help, labelNames, buckets: seconds, registers })
  return {
    registry,
    httpRequest: histogram('http_request_duration_seconds', 'HTTP requests answered', ['method', 'route', 'status']),
    rpcServer: histogram('rpc_server_duration_seconds', 'RPCs answered', ['method', 'code']),
    rpcClient: histogram('rpc_client_duration_seconds', 'RPCs made', ['method', 'code']),
    publish: histogram('kafka_publish_duration_seconds', 'Batches sent to Kafka', ['topic', 'outcome']),
    published: new Counter({
      name: 'kafka_published_messages_total',
      help: 'Messages acknowledged by Kafka',
      labelNames: ['topic'],
      registers,
    }),
    consume: histogram('kafka_consume_duration_seconds', 'Messages handled', ['topic', 'group', 'outcome']),
    consumerLag: new Gauge({
      name: 'kafka_consumer_lag',
      help: 'Messages not yet committed',
      labelNames: ['topic', 'group'],
      registers,
    }),
    consumerRestarts: new Counter({
      name: 'kafka_consumer_restarts_total',
      help: 'Consumers recreated by the watchdog or after a crash',
      labelNames: ['group'],
      registers,
    }),
    deadLetters: new Counter({
      name: 'kafka_dead_letters_total',
      help: 'Messages moved to a dead-letter topic',
      labelNames: ['topic', 'group'],
      registers,
    }),
    gauge: (name: string, help: string, collect: (gauge: { set(value: number): void }) => Promise<void>) =>
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          // A store that is away leaves the last value standing; the scrape itself must not fail.
          await collect(this).catch(() => undefined)
        },
      }),
    counter: <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
      new Counter({ name, help, labelNames, registers }),
    histogram,
  }
}

export type Metrics = ReturnType<typeof createMetrics>

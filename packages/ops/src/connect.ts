import { randomUUID } from 'node:crypto'
import {
  adminService,
  type CallContext,
  orderAdminService,
  paymentAdminService,
  type RpcClient,
  replayService,
} from '@checkout/contracts/rpc'
import { createKafkaClient } from '@checkout/messaging/kafka-client'
import { createGrpcClient } from '@checkout/runtime/grpc-client'
import { createMetrics } from '@checkout/runtime/metrics'
import { channelCredentials } from '@checkout/runtime/tls'
import { needed, type OpsConfig } from './config.ts'

/** Longer than any answer of a service should take, shorter than a person's patience. */
const CALL_TIMEOUT_MS = 30_000

type Kafka = ReturnType<typeof createKafkaClient>
type KafkaAdmin = ReturnType<Kafka['admin']>

/** The consumer groups, each named as the service that it belongs to. */
export type Group = 'order' | 'payment'

export const isGroup = (name: string): name is Group => name === 'order' || name === 'payment'

/** The services that have a database of their own, and so something to say of it. */
export const keepers = ['payment', 'order', 'catalog'] as const
type Keeper = (typeof keepers)[number]

/** The ways to the system. Each is opened when it is first asked for, so that a command needs only what it uses. */
export type Connections = {
  readonly config: OpsConfig
  readonly payment: () => RpcClient<typeof paymentAdminService>
  readonly order: () => RpcClient<typeof orderAdminService>
  /** What every such service lets its operators ask. */
  readonly admin: (service: Keeper) => RpcClient<typeof adminService>
  /** What the service of a consumer group lets operators replay to it. */
  readonly replay: (group: Group) => RpcClient<typeof replayService>
  /** The context of one call: when it must be answered, and under which id the services log this run of the program. */
  readonly call: (timeoutMs?: number) => CallContext
  readonly kafka: () => Kafka
  /** A connected admin client of Kafka, the same one each time. */
  readonly kafkaAdmin: () => Promise<KafkaAdmin>
  /** A topic's or a group's name as Kafka knows it. */
  readonly full: (name: string) => string
  /** Runs when the program ends. */
  readonly onClose: (close: () => unknown) => void
  readonly close: () => Promise<void>
}

export const createConnections = (readConfig: () => OpsConfig): Connections => {
  const requestId = `ops-${randomUUID()}`
  const closing: (() => unknown)[] = []
  const config = once(readConfig)
  const metrics = once(() => createMetrics('ops'))
  const shared = () => ({
    credentials: channelCredentials(config()),
    token: needed(config(), 'OPERATOR_TOKEN'),
    metrics: metrics(),
  })
  const kept = <C extends { close(): void }>(client: C): C => {
    closing.push(() => client.close())
    return client
  }
  const addressOf = (service: Keeper) => {
    const { ORDER_ADDR, PAYMENT_ADDR, CATALOG_ADDR } = config()
    return { order: ORDER_ADDR, payment: PAYMENT_ADDR, catalog: CATALOG_ADDR }[service]
  }
  const adminOf = (service: Keeper) => () =>
    kept(
      createGrpcClient({
        ...shared(),
        definition: adminService,
        address: addressOf(service),
        reads: ['WhoAmI', 'Diagnose'],
      }),
    )
  const admins = { order: once(adminOf('order')), payment: once(adminOf('payment')), catalog: once(adminOf('catalog')) }
  const replayOf = (group: Group) => () =>
    kept(
      createGrpcClient({
        ...shared(),
        definition: replayService,
        address: addressOf(group),
        reads: ['GetStates', 'GetRun', 'GetLetters', 'CountDocuments'],
      }),
    )
  const replays = { order: once(replayOf('order')), payment: once(replayOf('payment')) }
  const kafka = once(() => createKafkaClient(needed(config(), 'KAFKA_BROKERS'), requestId))
  return {
    get config() {
      return config()
    },
    payment: once(() =>
      kept(
        createGrpcClient({
          ...shared(),
          definition: paymentAdminService,
          address: addressOf('payment'),
          reads: [
            'ListPayments',
            'ListWebhooks',
            'GetWebhook',
            'GetTimeline',
            'GetReconciliation',
            'ListTossTransactions',
            'LookAtToss',
          ],
        }),
      ),
    ),
    order: once(() =>
      kept(
        createGrpcClient({
          ...shared(),
          definition: orderAdminService,
          address: addressOf('order'),
          reads: ['GetTimeline'],
        }),
      ),
    ),
    admin: (service) => admins[service](),
    replay: (group) => replays[group](),
    call: (timeoutMs = CALL_TIMEOUT_MS) => ({ deadline: new Date(Date.now() + timeoutMs), requestId }),
    kafka,
    kafkaAdmin: once(async () => {
      const admin = kafka().admin()
      closing.push(() => admin.disconnect())
      await admin.connect()
      return admin
    }),
    full: (name) => config().NAMESPACE + name,
    onClose: (close) => void closing.push(close),
    close: async () => {
      await Promise.allSettled(closing.map((close) => close()))
    },
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

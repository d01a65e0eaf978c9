import { join } from 'node:path'
import type { Place } from './server.ts'

interface Node {
  readonly id: number
  readonly place: Place
  readonly controllerPort: number
}

/** One node of Kafka and all that belong to its cluster. */
export interface KafkaCluster {
  readonly node: Node
  readonly nodes: readonly Node[]
  readonly clusterId: string
}

export const logDirsOf = ({ dataDir }: Place): string => join(dataDir, 'log')

/** `server.properties` of the node. */
export function serverProperties({ node, nodes }: KafkaCluster): string {
  const { port, doors = [] } = node.place
  const voters = nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`)
  const own = { name: 'PLAINTEXT', port, advertisedPort: port }
  const ways = [own, ...doors.map((door, index) => ({ name: `DOOR_${index + 1}`, ...door }))]
  const controller = `CONTROLLER://127.0.0.1:${node.controllerPort}`
  const listeners = ways.map((way) => `${way.name}://127.0.0.1:${way.port}`)
  const advertised = ways.map((way) => `${way.name}://127.0.0.1:${way.advertisedPort}`)
  const protocols = ['CONTROLLER', ...ways.map(({ name }) => name)].map((name) => `${name}:PLAINTEXT`)
  const replicas = nodes.length
  // Two of three: one may be away, and yet nothing that was acknowledged is on one disk alone.
  const inSync = Math.max(1, replicas - 1)
  return `process.roles=broker,controller
node.id=${node.id}
controller.quorum.voters=${voters.join(',')}
controller.listener.names=CONTROLLER
listeners=${[...listeners, controller].join(',')}
advertised.listeners=${advertised.join(',')}
listener.security.protocol.map=${protocols.join(',')}
inter.broker.listener.name=PLAINTEXT
# Threads of each listener. Each door has one client.
num.network.threads=${doors.length === 0 ? 3 : 1}
log.dirs=${logDirsOf(node.place)}
# Topics are created by whoever uses them, with the settings they need, never by a typing error.
auto.create.topics.enable=false
default.replication.factor=${replicas}
min.insync.replicas=${inSync}
offsets.topic.replication.factor=${replicas}
transaction.state.log.replication.factor=${replicas}
transaction.state.log.min.isr=${inSync}
# One partition: when one consumer group has its coordinator, all have, so "ready" holds for everybody.
offsets.topic.num.partitions=1
# Offsets of a stack that rested for a long weekend are still there.
offsets.retention.minutes=525600
# A killed broker may not come back before the session of its former life is over, by default nine seconds.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# A group of one does not wait three seconds for others to join.
group.initial.rebalance.delay.ms=0
`
}

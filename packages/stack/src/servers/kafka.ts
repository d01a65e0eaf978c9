import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import type { Unit } from '../fleet.ts'
import { freePort } from '../ports.ts'
import { cached } from './cache.ts'
import { findOnPath } from './find-on-path.ts'
import { findJavaHome } from './java.ts'
import { type KafkaCluster, logDirsOf, serverProperties } from './kafka-properties.ts'
import { runCommand } from './run-command.ts'
import { type Place, type Server, serverEnvironment } from './server.ts'

/** Not 4.x: after a broker restart, kafkajs consumers stood still on some partitions there. */
export const version = '3.9.1'

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>checkout</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`

/** Kafka in KRaft mode; each node is broker and controller at once. */
export const kafka: Server = {
  name: 'kafka',
  variable: 'KAFKA_BROKERS',
  portVariable: 'KAFKA_PORT',
  advice: `unpack Kafka ${version} and set KAFKA_HOME to it, or put its bin folder on the PATH; or install Maven`,

  address: (ports) => ports.map((port) => `127.0.0.1:${port}`).join(','),
  isClustered: true,

  async find() {
    const { KAFKA_HOME } = process.env
    const script = findOnPath('kafka-server-start.sh')
    const home = KAFKA_HOME ?? (script === undefined ? undefined : dirname(dirname(realpathSync(script))))
    const libs = home === undefined ? undefined : join(home, 'libs')
    if (libs !== undefined && existsSync(libs)) return libs
    if (KAFKA_HOME !== undefined) throw new Error(`KAFKA_HOME is ${KAFKA_HOME}, and there is no folder libs in it`)
    return undefined
  },

  async fetch(report) {
    const folder = await cached(`kafka-${version}`, report, async (into) => {
      report(`kafka: fetching Kafka ${version} with Maven (46 MB, once)`)
      writeFileSync(join(into, 'pom.xml'), pom)
      const JAVA_HOME = await findJavaHome(report)
      const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(into, 'libs')}`]
      // A checksum that differs fails the download instead of only being mentioned.
      await runCommand('mvn', ['--batch-mode', '--strict-checksums', ...goal], {
        cwd: into,
        env: { ...process.env, JAVA_HOME },
        timeoutMs: 600_000,
      })
      const jars = readdirSync(join(into, 'libs')).length
      if (jars < 50) throw new Error(`Maven brought ${jars} jars, at least 50 were expected`)
    })
    return join(folder, 'libs')
  },

  async units(libs, places) {
    const java = join(await findJavaHome(() => undefined), 'bin/java')
    const nodes = await Promise.all(
      places.map(async (place, index) => ({ id: index + 1, place, controllerPort: await freePort() })),
    )
    const clusterId = places.map(clusterIdOf).find((id) => id !== undefined) ?? newClusterId()
    const command = [java, '-cp', join(libs, '*')] as const
    return Promise.all(nodes.map((node) => unitOf(command, { node, nodes, clusterId })))
  },
}

type Command = readonly [java: string, ...args: string[]]

/** A format that was interrupted leaves a folder without it, which holds nothing yet. */
const metaOf = (place: Place): string => join(logDirsOf(place), 'meta.properties')

/** Of a node that was formatted before: one that is formatted now must belong to the same cluster. */
function clusterIdOf(place: Place): string | undefined {
  const meta = metaOf(place)
  return existsSync(meta) ? /^cluster\.id=(.+)$/m.exec(readFileSync(meta, 'utf8'))?.[1] : undefined
}

/** 16 random bytes in URL-safe base 64, as `StorageTool random-uuid` prints them. */
const newClusterId = (): string => Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex').toString('base64url')

async function unitOf(command: Command, cluster: KafkaCluster): Promise<Unit> {
  const { place } = cluster.node
  const { name, port, dataDir, log } = place
  mkdirSync(dataDir, { recursive: true })
  const properties = join(dataDir, 'server.properties')
  writeFileSync(properties, serverProperties(cluster))
  await format(command, place, { properties, clusterId: cluster.clusterId })
  const [java, ...classpath] = command
  return {
    name,
    port,
    log,
    // A controlled shutdown closes every log cleanly, which spares the next start the recovery.
    graceMs: 20_000,
    launch: () => ({
      command: java,
      // A small heap and the quick compiler: the broker shares two cores and the memory with everything else.
      args: [
        '-Xms128m',
        '-Xmx384m',
        '-XX:TieredStopAtLevel=1',
        '-XX:+UseSerialGC',
        ...logging,
        ...classpath,
        'kafka.Kafka',
        properties,
      ],
      env: serverEnvironment(),
    }),
    ready: () => coordinates(port),
  }
}

const logging = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS',
]

async function format(
  [java, ...args]: Command,
  place: Place,
  { properties, clusterId }: { properties: string; clusterId: string },
): Promise<void> {
  if (existsSync(metaOf(place))) return
  rmSync(logDirsOf(place), { recursive: true, force: true })
  // In one word: an id that begins with a dash would be taken for the next option.
  const options = ['format', `--cluster-id=${clusterId}`, '-c', properties]
  // Seconds, but for three at once on a machine that has much else to do more than a minute was seen.
  await runCommand(java, [...args, 'kafka.tools.StorageTool', ...options], { timeoutMs: 180_000 })
}

/** Ready is a broker that would create a topic and whose group coordinator answers. */
async function coordinates(port: number): Promise<void> {
  const client = new Kafka({
    clientId: 'stack',
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 3000,
    retry: { retries: 0 },
  })
  const admin = client.admin()
  try {
    await admin.connect()
    const topics = [{ topic: 'stack-readiness', numPartitions: 1, replicationFactor: 1 }]
    await admin.createTopics({ topics, validateOnly: true, waitForLeaders: false })
    await admin.fetchOffsets({ groupId: 'stack-readiness' })
  } finally {
    await admin.disconnect()
  }
}

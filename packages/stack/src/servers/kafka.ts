import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { freePort } from '../ports.ts'
import { cached } from './cache.ts'
import { findOnPath } from './find-on-path.ts'
import { findJavaHome } from './java.ts'
import { runCommand } from './run-command.ts'
import { type Server, serverEnvironment } from './server.ts'

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

/** One Kafka node in KRaft mode, broker and controller at once. */
export const kafka: Server = {
  name: 'kafka',
  variable: 'KAFKA_BROKERS',
  portVariable: 'KAFKA_PORT',
  advice: `unpack Kafka ${version} and set KAFKA_HOME to it, or put its bin folder on the PATH; or install Maven`,

  address: (port) => `127.0.0.1:${port}`,

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

  async unit(libs, { port, dataDir, log }) {
    mkdirSync(dataDir, { recursive: true })
    const java = join(await findJavaHome(() => undefined), 'bin/java')
    const classpath = ['-cp', join(libs, '*')]
    const properties = join(dataDir, 'server.properties')
    const logDirs = join(dataDir, 'log')
    writeFileSync(properties, serverProperties({ port, controllerPort: await freePort(), logDirs }))
    await format([java, ...classpath], properties, logDirs)
    return {
      name: 'kafka',
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
  },
}

const logging = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS',
]

function serverProperties({
  port,
  controllerPort,
  logDirs,
}: {
  port: number
  controllerPort: number
  logDirs: string
}): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
log.dirs=${logDirs}
# Topics are created by whoever uses them, with the settings they need, never by a typing error.
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
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

async function format(
  [java, ...args]: readonly [string, ...string[]],
  properties: string,
  logDirs: string,
): Promise<void> {
  if (existsSync(join(logDirs, 'meta.properties'))) return
  const tool = (...options: string[]) =>
    runCommand(java, [...args, 'kafka.tools.StorageTool', ...options], { timeoutMs: 60_000 })
  // A format that was interrupted leaves a folder without meta.properties, which holds nothing yet.
  rmSync(logDirs, { recursive: true, force: true })
  // The cluster's id is 16 random bytes in URL-safe base 64, as `StorageTool random-uuid` prints them.
  const id = Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
  // In one word: an id that begins with a dash would be taken for the next option.
  await tool('format', `--cluster-id=${id}`, '-c', properties)
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

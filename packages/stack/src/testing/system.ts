import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { mongo } from 'mongoose'
import { planPorts, type Variables, withoutEmpty } from '../environment.ts'
import { freePort } from '../ports.ts'
import { stackFolder } from '../repository.ts'
import type { ServerVariable } from '../servers/server.ts'
import { type System, startProcesses } from '../system.ts'
import type { ProcessName } from '../topology.ts'

export interface TestSystemOptions {
  readonly namespace: string
  /** Laid over `process.env`; also the way to use other servers than those of the environment. */
  readonly env?: Variables
  /** All of them, unless named. */
  readonly services?: readonly ProcessName[]
}

/** A system of its own, with its own databases. */
export interface TestSystem extends System {
  readonly namespace: string
  readonly mongoUrl: string
}

/**
 * The system in separate processes on free ports, against the servers that `MONGO_URL`, `KAFKA_BROKERS` and `REDIS_URL`
 * name. It runs the built files, so build first. Nothing is restarted but by the test. Logs: `.stack/test-logs/<namespace>/`.
 * What it stored is gone after `stop`.
 */
export async function startSystem({ namespace, env = {}, services }: TestSystemOptions): Promise<TestSystem> {
  const given = withoutEmpty({ ...process.env, ...env, NAMESPACE: namespace })
  const free = await Promise.all(Array.from({ length: 9 }, freePort))
  const dataDir = join(stackFolder, 'test-data', namespace)
  const mongoUrl = required(given, 'MONGO_URL')
  const system = await startProcesses({
    given,
    servers: {
      MONGO_URL: mongoUrl,
      KAFKA_BROKERS: required(given, 'KAFKA_BROKERS'),
      REDIS_URL: required(given, 'REDIS_URL'),
    },
    ports: planPorts(() => free.pop() ?? 0),
    dataDir,
    logDir: join(stackFolder, 'test-logs', namespace),
    ...(services === undefined ? {} : { names: services }),
    restarts: 'never',
    report: () => undefined,
  })
  return {
    ...system,
    namespace,
    mongoUrl,
    async stop() {
      await system.stop()
      rmSync(dataDir, { recursive: true, force: true })
      await dropDatabases(mongoUrl, namespace)
    },
  }
}

function required(given: Variables, variable: ServerVariable): string {
  const value = given[variable]
  if (value === undefined)
    throw new Error(`${variable} is not set; "npm test" sets it, as does sourcing .stack/servers.env`)
  return value
}

/** An empty namespace would name every database there is, so only the services' own are dropped. */
async function dropDatabases(mongoUrl: string, namespace: string): Promise<void> {
  const client = new mongo.MongoClient(mongoUrl)
  try {
    for (const name of ['catalog', 'order', 'payment']) await client.db(`${namespace}${name}`).dropDatabase()
  } finally {
    await client.close()
  }
}

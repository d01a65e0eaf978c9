import mongoose, { type Connection } from 'mongoose'
import { type Clock, createClock } from './clock.ts'
import { ConfigError } from './env.ts'
import type { Logger } from './log.ts'

/** While MongoDB is away, a call learns it within this time, so that the door can answer 503 before its caller gives up. */
const SERVER_SELECTION_TIMEOUT_MS = 3_000
/** A server that is stopped but not gone answers nothing; without a limit its callers would hang for ever. */
const SOCKET_TIMEOUT_MS = 10_000

export type Mongo = {
  readonly connection: Connection
  readonly clock: Clock
  /** Rejects when MongoDB does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Connects to a service's own database, waiting for the server as long as it takes.
 * Writes are acknowledged by a majority and journaled: with less, acknowledged writes were lost when mongod was killed.
 * @throws ConfigError when the server is no replica set or journals nothing, so that it could lose what it acknowledged.
 */
export const connectMongo = async (options: {
  url: string
  namespace: string
  database: string
  log: Logger
}): Promise<Mongo> => {
  const connection = mongoose.createConnection()
  const open = () =>
    connection.openUri(options.url, {
      dbName: options.namespace + options.database,
      writeConcern: { w: 'majority', journal: true },
      readConcernLevel: 'majority',
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      maxPoolSize: 50,
      serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
      waitQueueTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
      socketTimeoutMS: SOCKET_TIMEOUT_MS,
    })
  for (;;) {
    try {
      await open()
      await assertDurable(connection)
      break
    } catch (error) {
      await connection.close().catch(() => undefined)
      if (error instanceof ConfigError) throw error
      options.log.warn({ err: error }, 'MongoDB is away, waiting for it')
    }
  }
  const admin = () => connection.getClient().db('admin')
  const clock = await createClock(async () => {
    const hello = await admin().command({ hello: 1 })
    return hello.localTime as Date
  })
  return {
    connection,
    clock,
    ping: async () => {
      await admin().command({ ping: 1 }, { timeoutMS: 2_000 })
    },
    close: async () => {
      clock.close()
      await connection.close()
    },
  }
}

const assertDurable = async (connection: Connection): Promise<void> => {
  const hello = await connection.getClient().db('admin').command({ hello: 1 })
  const problems: string[] = []
  if (typeof hello.setName !== 'string') problems.push('it is no replica set (one node is enough: --replSet rs0)')
  if (hello.setName !== undefined && hello.isWritablePrimary !== true) throw new Error('no primary yet')
  const write = connection.getClient().options.writeConcern
  if (write?.w !== 'majority' || write.journal !== true)
    problems.push('the connection does not ask for w=majority&journal=true')
  if (problems.length > 0) {
    throw new ConfigError(`MONGO_URL: this MongoDB could lose acknowledged writes: ${problems.join('; ')}`)
  }
}

import type { Redis } from 'ioredis'
import type { Connection } from 'mongoose'
import { redisProblems } from './redis.ts'

/** One question about the health of a system: `unknown` when whoever could tell does not answer. */
export type Check = {
  readonly name: string
  readonly state: 'ok' | 'wrong' | 'unknown'
  /** What was found. */
  readonly detail: string
  /** What to do about it; empty when it is ok. */
  readonly advice: string
}

/** What a look found: nothing wrong, or the problems. */
export type Finding = { readonly detail: string; readonly problems: readonly string[] }

/** On a busy machine an idle Redis was seen to take more than three seconds; one that takes this long is away. */
const CHECK_TIMEOUT_MS = 10_000
/** The relay sends an event within moments and looks again every two seconds. */
const OLD_OUTBOX_MS = 60_000

/** Asks one question. What throws or does not answer in time is unknown, never wrong. */
export const ask = async (name: string, advice: string, look: () => Promise<Finding>): Promise<Check> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS / 1000} s`)), CHECK_TIMEOUT_MS)
  })
  try {
    const { detail, problems } = await Promise.race([look(), late])
    if (problems.length === 0) return { name, state: 'ok', detail, advice: '' }
    return { name, state: 'wrong', detail: problems.join('; '), advice }
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : String(error)
    return { name, state: 'unknown', detail, advice: 'see whether it runs and can be reached, then ask again' }
  } finally {
    clearTimeout(timer)
  }
}

type StartedWith = { readonly parsed?: { readonly storage?: { readonly journal?: { readonly enabled?: boolean } } } }
type ServerStatus = { readonly storageEngine?: { readonly name?: string; readonly persistent?: boolean } }

/** What in the answers of mongod to `getCmdLineOpts` and `serverStatus` says that a crash takes acknowledged writes with it. */
export const journalProblems = ({ parsed }: StartedWith, { storageEngine }: ServerStatus): string[] => [
  ...(parsed?.storage?.journal?.enabled === false ? ['it was started without its journal'] : []),
  ...(storageEngine?.persistent === true ? [] : [`its storage engine ${storageEngine?.name} keeps nothing on disk`]),
]

/** Whether MongoDB keeps what it acknowledged, and has the indexes that this service's uniqueness and speed rest on. */
export const diagnoseMongo = async (service: string, connection: Connection): Promise<Check[]> =>
  Promise.all([
    ask(
      `${service}: MongoDB keeps what it acknowledged`,
      'run mongod as a replica set with its journal, and leave writeConcernMajorityJournalDefault true',
      async () => {
        const admin = connection.getClient().db('admin')
        const hello = await admin.command({ hello: 1 })
        const write = connection.getClient().options.writeConcern
        const problems: string[] = []
        if (typeof hello.setName !== 'string') problems.push('it is no replica set')
        else {
          const { config } = (await admin.command({ replSetGetConfig: 1 })) as {
            config: { writeConcernMajorityJournalDefault?: boolean; members: object[] }
          }
          if (config.writeConcernMajorityJournalDefault === false)
            problems.push('a majority acknowledges before its journal has it')
        }
        if (write?.w !== 'majority' || write.journal !== true)
          problems.push('this service does not ask for w=majority, j=true')
        return { detail: `replica set ${String(hello.setName)}, w=majority, j=true`, problems }
      },
    ),
    ask(
      `${service}: mongod journals`,
      'run mongod with its journal and a storage engine that writes to disk (WiredTiger)',
      async () => {
        const admin = connection.getClient().db('admin')
        const [started, status] = await Promise.all([
          admin.command({ getCmdLineOpts: 1 }),
          admin.command({ serverStatus: 1, repl: 0, metrics: 0, locks: 0 }),
        ])
        const engine = (status as ServerStatus).storageEngine
        return { detail: `${engine?.name}, with a journal`, problems: journalProblems(started, status) }
      },
    ),
    ask(
      `${service}: indexes`,
      `restart ${service}, which makes what is missing; two documents that a unique index refuses are in its log`,
      async () => {
        const models = Object.values(connection.models)
        const missing = await Promise.all(
          models.map(async (model) => {
            const { toCreate } = (await model.diffIndexes()) as { toCreate: object[] }
            return toCreate.map((index) => `${model.collection.collectionName} lacks ${JSON.stringify(index)}`)
          }),
        )
        return {
          detail: `all of ${models.map((model) => model.collection.collectionName).join(', ')}`,
          problems: missing.flat(),
        }
      },
    ),
  ])

/** Whether events that were written go out. `collection` has an outbox in its documents. */
export const diagnoseOutbox = (
  service: string,
  collection: string,
  connection: Connection,
  now: Date,
): Promise<Check> =>
  ask(
    `${service}: outbox of ${collection}`,
    `see whether Kafka takes messages, and what the log of ${service} says of its relay`,
    async () => {
      const [oldest] = await connection
        .collection<{ outbox: { at: Date }[] }>(collection)
        .find({ 'outbox.at': { $exists: true } }, { projection: { 'outbox.at': 1 } })
        .sort({ 'outbox.at': 1 })
        .limit(1)
        .toArray()
      const at = oldest?.outbox[0]?.at
      const ageMs = at === undefined ? 0 : now.getTime() - at.getTime()
      const detail = at === undefined ? 'empty' : `the oldest event waits for ${Math.round(ageMs / 1000)} s`
      return { detail, problems: ageMs > OLD_OUTBOX_MS ? [detail] : [] }
    },
  )

/** Whether Redis keeps what it acknowledged and throws no job away. */
export const diagnoseRedis = (service: string, redis: Redis): Promise<Check> =>
  ask(
    `${service}: Redis keeps what it acknowledged`,
    'CONFIG SET appendonly yes, CONFIG SET maxmemory-policy noeviction, and the same in its configuration file',
    async () => ({ detail: 'appendonly yes, maxmemory-policy noeviction', problems: await redisProblems(redis) }),
  )

import { setTimeout as sleep } from 'node:timers/promises'
import { type Topic, topics } from '@checkout/contracts/events'
import { deadLetterTopic } from '@checkout/messaging/dead-letter'
import { replicasFor, topicProblems } from '@checkout/messaging/topic-settings'
import { ask, type Check } from '@checkout/runtime/diagnose'
import { keepers } from '../connect.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Register, Tools } from '../tools.ts'

/** Who consumes what; each has dead letters of its own. */
const groups: Readonly<Record<string, readonly Topic[]>> = {
  order: ['payment.status-changed'],
  payment: ['order.created', 'toss.webhook-received'],
}
/** A group that works commits within a second or two; one that does not move for so long has stopped. */
const PROGRESS_MS = 8_000
/** The service gives each of its own questions 10 s. */
const DIAGNOSE_TIMEOUT_MS = 25_000
const READY_TIMEOUT_MS = 5_000
const TOPIC_RESOURCE = 2

/** Is anything set up so that something acknowledged could be lost, or does anything stand still? */
export const doctor: Register = (program, tools) => {
  program
    .command('doctor')
    .description('is everything set up so that nothing acknowledged can be lost, and does everything move; reads only')
    .addHelpText(
      'after',
      `
Each line is ok, WRONG or unknown (whoever could tell does not answer); exit code 1 unless all are ok. A process that was
killed counts as a consumer until Kafka has missed it for 30 seconds.

Examples:
  npm run ops -- doctor
  npm run ops -- doctor --json`,
    )
    .action(() => run(tools))
}

const run = async ({ connect, print, progress, exit }: Tools): Promise<void> => {
  const checks = await progress('asking everybody', async () => {
    const asked = await Promise.all([
      ...keepers.map((name) =>
        service(name, () => connect.admin(name).Diagnose({}, connect.call(DIAGNOSE_TIMEOUT_MS))),
      ),
      gateway('api-gateway', connect.config.API_GATEWAY_URL),
      gateway('webhook-gateway', connect.config.WEBHOOK_GATEWAY_URL),
      kafka({ connect }),
    ])
    return asked.flat()
  })
  const shown = { ok: 'ok', wrong: 'WRONG', unknown: 'unknown' }
  print.table(
    checks,
    [
      { title: 'STATE', of: ({ state }) => shown[state] },
      { title: 'CHECK', of: ({ name }) => name },
      { title: 'FOUND', of: ({ detail }) => detail },
      { title: 'WHAT TO DO', of: ({ advice }) => advice },
    ],
    { none: '' },
  )
  const open = checks.filter(({ state }) => state !== 'ok').length
  print.note(open === 0 ? 'all is well' : `${open} of ${checks.length} are not ok`)
  if (open > 0) exit(exitCodes.open)
}

type Diagnosis = { checks?: readonly { name?: string; state?: string; detail?: string; advice?: string }[] }

/** A service's own answers. One that does not answer is itself what is unknown; a token that is refused ends the command. */
const service = async (name: string, diagnose: () => Promise<Diagnosis>): Promise<Check[]> => {
  try {
    const { checks = [] } = await diagnose()
    return checks.map(({ name: check = '', state, detail = '', advice = '' }) => ({
      name: check,
      state: state === 'ok' || state === 'wrong' ? state : 'unknown',
      detail,
      advice,
    }))
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN'))
      throw error
    const detail = error instanceof Error ? error.message : String(error)
    return [{ name: `${name}: answers`, state: 'unknown', detail, advice: `see whether ${name} runs, and its log` }]
  }
}

/** A gateway has no database and no admin methods: whether it takes requests is all that it has to say. */
const gateway = (name: string, url: string): Promise<Check[]> =>
  ask(`${name}: ready`, `see whether ${name} runs, its log, and what it needs to be ready`, async () => {
    const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(READY_TIMEOUT_MS) })
    const body = (await response.text()).slice(0, 200)
    return { detail: 'it takes requests', problems: response.ok ? [] : [`/readyz answers ${response.status} ${body}`] }
  }).then((check) => [check])

const kafka = async ({ connect }: Pick<Tools, 'connect'>): Promise<Check[]> => {
  const wanted = [
    ...Object.entries(topics).map(([topic, { retentionMs }]) => ({ topic, retentionMs })),
    ...Object.entries(groups).flatMap(([group, consumed]) =>
      consumed.map((topic) => ({ topic: deadLetterTopic(topic, group), retentionMs: -1 })),
    ),
  ]
  const topicsCheck = ask(
    'Kafka: topics and their settings',
    'restart the service that uses the topic to have it made; change a setting back with kafka-configs.sh --alter',
    async () => {
      const admin = await connect.kafkaAdmin()
      const { minInSync } = replicasFor({ alive: (await admin.describeCluster()).brokers.length, told: 1 })
      const existing = new Set(await admin.listTopics())
      const missing = wanted.filter(({ topic }) => !existing.has(connect.full(topic)))
      const present = wanted.filter((one) => !missing.includes(one))
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: present.map(({ topic }) => ({ type: TOPIC_RESOURCE, name: connect.full(topic) })),
      })
      const problems = resources.flatMap(({ resourceName, configEntries }) => {
        const config = new Map(configEntries.map((entry) => [entry.configName, entry.configValue]))
        const retentionMs = present.find(({ topic }) => connect.full(topic) === resourceName)?.retentionMs ?? -1
        return topicProblems(config, { retentionMs, minInSync }).map((problem) => `${resourceName}: ${problem}`)
      })
      const lost = missing.map(({ topic }) => `${connect.full(topic)} does not exist`)
      return { detail: `${wanted.length} topics`, problems: [...lost, ...problems] }
    },
  )
  const groupChecks = Object.entries(groups).map(([group, consumed]) =>
    ask(`Kafka: group ${group} moves`, `see whether ${group} runs, and what its log says of its consumer`, async () => {
      const admin = await connect.kafkaAdmin()
      const { groups: described } = await admin.describeGroups([connect.full(group)])
      const members = described[0]?.members.length ?? 0
      if (members === 0) return { detail: '', problems: ['nobody consumes'] }
      const before = await positions(connect, group, consumed)
      const isBehind = (all: Positions) => [...all.values()].some(({ committed, end }) => committed < end)
      const count = (all: Positions) => [...all.values()].reduce((sum, { committed, end }) => sum + end - committed, 0)
      if (!isBehind(before)) return { detail: `${members} consumers, nothing waits`, problems: [] }
      await sleep(PROGRESS_MS)
      const after = await positions(connect, group, consumed)
      const still = [...after].filter(([partition, { committed }]) => {
        const was = before.get(partition)
        return was !== undefined && was.committed < was.end && was.committed === committed
      })
      const detail = `${members} consumers, ${count(after)} messages wait`
      return {
        detail,
        problems: still.map(([partition, at]) => `${partition} stands still at ${at.committed} of ${at.end}`),
      }
    }),
  )
  return Promise.all([topicsCheck, ...groupChecks])
}

type Positions = ReadonlyMap<string, { readonly committed: number; readonly end: number }>

const positions = async (connect: Tools['connect'], group: string, consumed: readonly Topic[]): Promise<Positions> => {
  const admin = await connect.kafkaAdmin()
  const found = new Map<string, { committed: number; end: number }>()
  const names = consumed.map(connect.full)
  const offsets = await admin.fetchOffsets({ groupId: connect.full(group), topics: names })
  for (const { topic, partitions } of offsets) {
    const ends = await admin.fetchTopicOffsets(topic)
    for (const { partition, offset } of partitions) {
      const end = ends.find((one) => one.partition === partition)
      // Without a commit a group begins at the oldest message.
      const committed = Number(offset) < 0 ? Number(end?.low ?? 0) : Number(offset)
      found.set(`${topic}/${partition}`, { committed, end: Number(end?.high ?? 0) })
    }
  }
  return found
}

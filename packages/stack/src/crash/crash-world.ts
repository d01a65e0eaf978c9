import { EventEmitter, once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Variables } from '../environment.ts'
import { stackFolder } from '../repository.ts'
import { forgetMembers } from '../testing/forget-members.ts'
import { namespace } from '../testing/namespace.ts'
import { beginOps, endOf, type OpsRun, operatorEnv } from '../testing/ops-program.ts'
import { openShop, type Shop } from '../testing/shop.ts'
import { startSystem, type TestSystem } from '../testing/system.ts'
import { type ProcessName, prefixOf } from '../topology.ts'
import type { CrashPoint, Mortal } from './points.ts'

const services: readonly ProcessName[] = ['api-gateway', 'catalog', 'order', 'payment', 'webhook-gateway']
const crashing: readonly Mortal[] = [...services, 'ops']

/** A system whose services can be told, while they run, where to die. */
export interface CrashWorld {
  readonly system: TestSystem
  readonly shop: Shop
  readonly kafkaBrokers: string
  /** From now on the process dies at this point. */
  readonly arm: (point: CrashPoint) => void
  /** No process dies any more, nor notes what it passes. */
  readonly disarm: () => void
  /** The processes note the points that they pass, until they are disarmed. */
  readonly trace: () => void
  /** `process/name` of every point that was passed since `trace`. */
  readonly passed: () => ReadonlySet<string>
  /** Runs one command of the operators, in a process that can be told to die as well. */
  readonly operate: (args: readonly string[]) => Promise<OpsRun<number | string>>
  /**
   * Waits for the process to die by SIGKILL and starts it again, unarmed; the operators' program is for the operator to start.
   * Resolves with nothing done once it is aborted.
   */
  readonly reviveAfterDeath: (process: Mortal, signal: AbortSignal) => Promise<void>
  readonly stop: () => Promise<void>
}

/** @param servers `MONGO_URL`, `KAFKA_BROKERS` and `REDIS_URL` */
export async function startCrashWorld(servers: Variables): Promise<CrashWorld> {
  const prefix = namespace()
  const folder = join(stackFolder, 'crash', prefix)
  const folderOf = (process: Mortal) => join(folder, process)
  const disarm = () => {
    rmSync(folder, { recursive: true, force: true })
    for (const process of crashing) mkdirSync(folderOf(process), { recursive: true })
  }
  disarm()
  const kafkaBrokers = servers.KAFKA_BROKERS ?? ''
  const system = await startSystem({
    namespace: prefix,
    env: {
      ...servers,
      NODE_ENV: 'development',
      ...Object.fromEntries(services.map((name) => [`${prefixOf(name)}CRASH_POINT`, folderOf(name)])),
      // What a dead process leaves behind is taken over after these, so that nothing has to be waited for over minutes.
      PAYMENT_LEASE_MS: '2000',
      LOOK_SPACING_MS: '200',
      SWEEP_MS: '500',
      WEBHOOK_GATEWAY_LEASE_MS: '1000',
      // Every order asks the catalog.
      ORDER_PRODUCT_CACHE_MS: '1',
    },
  })
  const opsDeaths = new EventEmitter()
  return {
    system,
    shop: openShop(system.urls),
    kafkaBrokers,
    arm: ({ process, name }) => writeFileSync(join(folderOf(process), name), ''),
    disarm,
    trace: () => {
      for (const process of crashing) writeFileSync(join(folderOf(process), 'passed'), '')
    },
    passed: () =>
      new Set(
        crashing.flatMap((process) => {
          const names = readFileSync(join(folderOf(process), 'passed'), 'utf8').split('\n')
          return names.filter((name) => name !== '').map((name) => `${process}/${name}`)
        }),
      ),
    async operate(args) {
      const run = await endOf(beginOps(args, { ...operatorEnv(system), CRASH_POINT: folderOf('ops') }))
      if (run.code === 'SIGKILL') {
        disarm()
        opsDeaths.emit('death', run.code)
      }
      return run
    },
    async reviveAfterDeath(process, signal) {
      const aborted = new Promise<undefined>((resolve) => {
        signal.addEventListener('abort', () => resolve(undefined), { once: true })
      })
      if (process === 'ops') {
        await Promise.race([once(opsDeaths, 'death'), aborted])
        return
      }
      const how = await Promise.race([system.ended(process), aborted])
      if (how === undefined) return
      if (how !== 'SIGKILL') throw new Error(`${process} ended with ${how}; see ${system.logs(process)}`)
      disarm()
      // Else the group would wait for the dead one until its session is over.
      if (process === 'order' || process === 'payment') await forgetMembers(kafkaBrokers, `${prefix}${process}`)
      await system.start(process)
    },
    async stop() {
      await system.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

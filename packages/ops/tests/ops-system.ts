import type { ChildProcess } from 'node:child_process'
import { stopAudited } from '@checkout/stack/testing/audit'
import { beginOps, type OpsRun, operatorEnv, runOps, runOpsJson } from '@checkout/stack/testing/ops-program'
import { openShop, type Shop } from '@checkout/stack/testing/shop'
import { startSystem, type TestSystem, type TestSystemOptions } from '@checkout/stack/testing/system'
import { mongo } from 'mongoose'

type As = 'operator-1' | 'operator-2' | 'viewer-1'

/** A system in processes, its clients, and the operators' command line against it. */
export type OpsSystem = {
  readonly system: TestSystem
  readonly shop: Shop
  /** Runs one command in a process of its own, as `operator-1` unless said; `env` is laid over its environment. */
  readonly ops: (
    args: readonly string[],
    options?: { as?: As; env?: Readonly<Record<string, string>> },
  ) => Promise<OpsRun>
  /** Starts one command as `operator-1`, for a test that ends it in the middle; `stderr` is what it has said so far. */
  readonly opsStart: (args: readonly string[]) => { readonly child: ChildProcess; readonly stderr: () => string }
  /** The same with `--json`, read; whatever the exit code. */
  readonly opsJson: <T>(args: readonly string[], options?: { as?: As }) => Promise<T>
  /** What a service keeps, behind its back. */
  readonly collection: <T extends mongo.Document = mongo.Document>(
    service: 'catalog' | 'order' | 'payment',
    name: string,
  ) => mongo.Collection<T>
  /** Audits what the suite leaves behind, then stops, whatever the audit says. */
  readonly stop: () => Promise<void>
}

export const startOpsSystem = async (options: TestSystemOptions): Promise<OpsSystem> => {
  const system = await startSystem(options)
  const client = new mongo.MongoClient(system.mongoUrl)
  const ops: OpsSystem['ops'] = (args, { as = 'operator-1', env = {} } = {}) =>
    runOps(args, { ...operatorEnv(system, as), ...env })
  return {
    system,
    shop: openShop(system.urls),
    ops,
    opsStart: (args) => {
      const child = beginOps(args, operatorEnv(system))
      let stderr = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      return { child, stderr: () => stderr }
    },
    collection: (service, name) => client.db(system.namespace + service).collection(name),
    stop: async () => {
      await client.close()
      await stopAudited(system)
    },
    opsJson: <T>(args: readonly string[], { as }: { as?: As } = {}) => runOpsJson<T>(args, operatorEnv(system, as)),
  }
}

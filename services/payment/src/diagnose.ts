import { ask, type Check, diagnoseMongo, diagnoseOutbox, diagnoseRedis } from '@checkout/runtime/diagnose'
import type { PaymentStore } from './store.ts'
import type { Toss } from './toss.ts'

type Deps = {
  readonly connection: Parameters<typeof diagnoseMongo>[1]
  readonly redis: Parameters<typeof diagnoseRedis>[1]
  readonly now: () => Date
  readonly store: Pick<PaymentStore, 'dueStats'>
  readonly toss: Pick<Toss, 'acceptsKey'>
}

/** The sweep takes up what is due every few seconds. */
const OLD_WORK_MS = 60_000

/** Whether what this service rests on keeps what it acknowledges, and whether its work moves. */
export const diagnosePayment = async ({ connection, redis, now, store, toss }: Deps): Promise<Check[]> => {
  const checks = await Promise.all([
    diagnoseMongo('payment', connection),
    diagnoseOutbox('payment', 'payments', connection, now()),
    diagnoseRedis('payment', redis),
    ask('payment: due work', 'npm run ops -- payments list --stuck', async () => {
      const { count, oldestAgeMs } = await store.dueStats()
      const detail = count === 0 ? 'nothing is due' : `${count} due, the oldest for ${Math.round(oldestAgeMs / 1000)} s`
      return { detail, problems: oldestAgeMs > OLD_WORK_MS ? [detail] : [] }
    }),
    ask('payment: Toss accepts our key', 'put the right TOSS_SECRET_KEY into payment and restart it', async () => {
      const { isAccepted, answer } = await toss.acceptsKey()
      return { detail: 'yes', problems: isAccepted ? [] : [`Toss answers ${answer}`] }
    }),
  ])
  return checks.flat()
}

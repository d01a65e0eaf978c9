import { AppError, invalidInput } from '@checkout/contracts/errors'
import type { paymentAdminService, RpcHandlers } from '@checkout/contracts/rpc'
import type { OperatorContext } from '@checkout/runtime/operators'
import { tagOf } from './domain/apply-cancels.ts'
import { differenceClasses, type TossTransaction } from './domain/compare-books.ts'
import type { Reconciliation, ReconciliationStore } from './reconciliations.ts'
import type { Toss } from './toss.ts'

type ReconcileDeps = {
  readonly runs: Pick<ReconciliationStore, 'insert' | 'find' | 'findNewest'>
  readonly toss: Pick<Toss, 'transactions' | 'look'>
  readonly newId: () => string
}

/** What fits into one answer of a gRPC call. */
const MAX_ROWS = 2_000
const MAX_REASON_LENGTH = 500

type Handlers = RpcHandlers<typeof paymentAdminService, OperatorContext>
export type ReconcileHandlers = Pick<
  Handlers,
  'StartReconciliation' | 'GetReconciliation' | 'ListTossTransactions' | 'LookAtToss'
>

/** Comparing the books with Toss's, and what an audit reads of Toss. */
export const reconcileHandlers = (deps: ReconcileDeps): ReconcileHandlers => ({
  StartReconciliation: async ({ from, to, isApplied, reason }) => {
    const window = { from: instant('from', from), to: instant('to', to) }
    if (window.from >= window.to) throw invalidInput('to', 'must be after from')
    if (reason.length > MAX_REASON_LENGTH)
      throw invalidInput('reason', `must be at most ${MAX_REASON_LENGTH} characters`)
    const id = deps.newId()
    await deps.runs.insert({ _id: id, kind: 'OPERATOR', ...window, isApplied })
    return { id }
  },

  GetReconciliation: async ({ id }) => {
    const run = await (id === '' ? deps.runs.findNewest() : deps.runs.find(id))
    if (run === undefined) throw new AppError('NOT_FOUND', { detail: 'there is no such comparison' })
    return toMessage(run)
  },

  ListTossTransactions: async ({ from, to, startingAfter, limit }) => {
    if (limit < 1 || limit > MAX_ROWS) throw invalidInput('limit', `must be 1 to ${MAX_ROWS}`)
    const window = { from: instant('from', from), to: instant('to', to) }
    const after = startingAfter === '' ? undefined : startingAfter
    const page = await deps.toss.transactions({ ...window, after, limit })
    // An end before its beginning, or a transaction that there never was.
    if (page.kind === 'none' && page.isRefused)
      throw new AppError('INVALID_INPUT_VALUE', { detail: `Toss refuses such a list: ${page.reason}` })
    if (page.kind === 'none') throw new AppError('SERVICE_UNAVAILABLE', { detail: `Toss: ${page.reason}` })
    return { rows: page.rows.map(rowMessage) }
  },

  LookAtToss: async ({ paymentKey, orderId }) => {
    // They go into an address at Toss.
    if (!/^[\w=-]{0,200}$/.test(paymentKey))
      throw invalidInput('paymentKey', 'must be at most 200 of A-Z a-z 0-9 _ - =')
    if (!/^[\w=-]{1,64}$/.test(orderId)) throw invalidInput('orderId', 'must be 1 to 64 of A-Z a-z 0-9 _ - =')
    const look = await deps.toss.look(paymentKey, orderId)
    if (look.kind !== 'answered') throw new AppError('SERVICE_UNAVAILABLE', { detail: 'Toss does not answer' })
    if (look.evidence.kind === 'not-found') return {}
    const { toss } = look.evidence
    return {
      payment: {
        paymentKey: toss.paymentKey,
        orderId: toss.orderId,
        status: toss.status,
        cancels: toss.cancels.map(({ transactionKey, cancelReason }) => {
          const tag = tagOf(cancelReason)
          return { transactionKey, ...(tag === undefined ? {} : { tag }) }
        }),
      },
    }
  },
})

/** Toss has no transactions outside of these, and its dates have four digits for the year. */
const YEARS = { first: 2000, last: 2999 }

const instant = (field: string, text: string): Date => {
  const at = new Date(text)
  const year = at.getUTCFullYear()
  if (!(year >= YEARS.first && year <= YEARS.last))
    throw invalidInput(field, `must be an ISO 8601 instant from ${YEARS.first} to ${YEARS.last}`)
  return at
}

const rowMessage = ({ amountKrw, at, ...row }: TossTransaction) => ({
  ...row,
  // Foreign currencies have fractions; what is compared is that it is not KRW.
  amountKrw: Math.round(amountKrw),
  at: at.toISOString(),
})

const toMessage = (run: Reconciliation) => ({
  id: run._id,
  kind: run.kind,
  from: run.from.toISOString(),
  to: run.to.toISOString(),
  isApplied: run.isApplied,
  status: run.status,
  startedAt: run.startedAt.toISOString(),
  ...(run.finishedAt === undefined ? {} : { finishedAt: run.finishedAt.toISOString() }),
  rows: run.rows,
  asked: run.asked,
  counts: differenceClasses
    .map((name) => ({ class: name, healed: run.healed[name] ?? 0, open: run.open[name] ?? 0 }))
    .filter(({ healed, open }) => healed + open > 0),
  differences: [...run.differences],
  ...(run.trouble === undefined ? {} : { trouble: run.trouble }),
})

import { invalidInput } from '@checkout/contracts/errors'
import { paymentStatuses } from '@checkout/contracts/order-status'
import type { paymentAdminService, RpcHandlers, RpcMethod } from '@checkout/contracts/rpc'
import { timelineMessages } from '@checkout/contracts/timeline'
import type { Role } from '@checkout/runtime/operator-actions'
import type { OperatorContext } from '@checkout/runtime/operators'
import type { ReconcileHandlers } from './admin-reconcile.ts'
import type { Payment } from './domain/payment.ts'
import { possibleResolutions } from './domain/resolution.ts'
import type { WebhookDeps } from './receive-webhook.ts'
import type { ResolutionProposal } from './resolution-proposals.ts'
import { type ResolveDeps, resolvePayment } from './resolve-payment.ts'
import { findWebhook, retryWebhook } from './retry-webhook.ts'
import { type SettleNowDeps, settleNow } from './settle-now.ts'
import { readTimeline, type TimelineDeps } from './timeline.ts'
import type { WebhookEvent } from './webhook-events.ts'

type AdminDeps = Omit<WebhookDeps, 'store'> & ResolveDeps & SettleNowDeps & TimelineDeps

const DEFAULT_PAGE = 50
const MAX_PAGE = 500

/** What each admin method needs. What needs an operator changes something. */
export const adminRoles: Readonly<Record<RpcMethod<typeof paymentAdminService>, Role>> = {
  ListPayments: 'viewer',
  SettlePayment: 'operator',
  ResolvePayment: 'operator',
  ListWebhooks: 'viewer',
  GetWebhook: 'viewer',
  RetryWebhook: 'operator',
  GetTimeline: 'viewer',
  StartReconciliation: 'operator',
  GetReconciliation: 'viewer',
  ListTossTransactions: 'viewer',
  LookAtToss: 'viewer',
}

export const adminHandlers = (
  deps: AdminDeps,
): Omit<RpcHandlers<typeof paymentAdminService, OperatorContext>, keyof ReconcileHandlers> => ({
  ListPayments: async ({ stuck, attention, status, openedBefore, limit, page }) => {
    if (status !== undefined && !(paymentStatuses as readonly string[]).includes(status))
      throw invalidInput('status', `must be one of ${paymentStatuses.join(', ')}`)
    const before = openedBefore === undefined ? undefined : new Date(openedBefore)
    if (before !== undefined && Number.isNaN(before.getTime())) throw invalidInput('openedBefore', 'must be an instant')
    const size = sizeOf(limit)
    const found = await deps.store.list(
      {
        stuck,
        attention,
        ...(status === undefined ? {} : { status }),
        ...(before === undefined ? {} : { openedBefore: before }),
        ...(page === undefined ? {} : { after: page }),
      },
      size + 1,
    )
    const payments = found.slice(0, size)
    const proposals = new Map(
      (await deps.proposals.findAll(payments.map(({ _id }) => _id))).map((row) => [row._id, row]),
    )
    const last = payments.at(-1)
    return {
      payments: payments.map((payment) => summaryOf(payment, proposals.get(payment._id))),
      ...(found.length > size && last !== undefined && !stuck && !attention ? { nextPage: last._id } : {}),
    }
  },

  SettlePayment: async ({ orderId }, context) => {
    const { before, after, isAsked } = await settleNow(deps, orderId, context)
    const changes = after.history.filter(({ version }) => version > before.version)
    return {
      payment: summaryOf(after),
      isAsked,
      changes: changes.map(({ version, status, at, cause }) => ({ version, status, at: at.toISOString(), cause })),
    }
  },

  ResolvePayment: async (request, { operator }) => {
    const { payment, isDone, operators, note } = await resolvePayment(deps, request, operator.name)
    return {
      payment: summaryOf(payment, await deps.proposals.find(payment._id)),
      isDone,
      operators: [...operators],
      note,
    }
  },

  ListWebhooks: async ({ outcome, limit, page }) => {
    if (outcome !== 'PARKED' && outcome !== 'REJECTED') throw invalidInput('outcome', 'must be PARKED or REJECTED')
    const size = sizeOf(limit)
    const found = await deps.webhookEvents.listByOutcome(outcome, readPage(page), size + 1)
    const events = found.slice(0, size)
    const last = events.at(-1)
    return {
      webhooks: events.map(toWebhook),
      ...(found.length > size && last !== undefined ? { nextPage: `${last.storedAt.getTime()}.${last._id}` } : {}),
    }
  },

  GetWebhook: async ({ bodyHash }) => toWebhook(await findWebhook(deps, bodyHash)),

  RetryWebhook: async ({ bodyHash }) => ({ webhook: toWebhook(await retryWebhook(deps, bodyHash)) }),

  GetTimeline: async ({ orderId }) => {
    const { payment, entries } = await readTimeline(deps, orderId)
    return {
      entries: timelineMessages(entries),
      paymentKeys: payment.attempts.flatMap(({ paymentKey }) => (paymentKey === undefined ? [] : [paymentKey])),
    }
  },
})

const sizeOf = (limit: number): number => {
  if (limit < 0 || limit > MAX_PAGE) throw invalidInput('limit', `must be 1..${MAX_PAGE}`)
  return limit === 0 ? DEFAULT_PAGE : limit
}

const readPage = (page: string | undefined): { storedAt: Date; id: string } | undefined => {
  if (page === undefined) return undefined
  const [, time, id] = /^(\d{1,15})\.([0-9a-f]{1,64})$/.exec(page) ?? []
  if (time === undefined || id === undefined) throw invalidInput('page', 'must be the next page that a list named')
  return { storedAt: new Date(Number(time)), id }
}

const summaryOf = (payment: Payment, proposal?: ResolutionProposal) => ({
  paymentId: payment._id,
  orderId: payment.orderId,
  status: payment.status,
  version: payment.version,
  amountKrw: payment.amountKrw,
  refundedKrw: payment.refundedKrw,
  reservedKrw: payment.reservedKrw,
  openedAt: payment.createdAt.toISOString(),
  ...(payment.due === undefined ? {} : { due: payment.due.toISOString() }),
  tries: payment.tries,
  ...(payment.needsAttention === undefined
    ? {}
    : {
        attention: {
          reason: payment.needsAttention.reason,
          since: payment.needsAttention.at.toISOString(),
          stopsPosts: payment.needsAttention.stopsPosts,
        },
      }),
  resolutions: possibleResolutions(payment),
  ...(proposal === undefined
    ? {}
    : {
        proposal: {
          resolution: proposal.resolution,
          reason: proposal.reason,
          operator: proposal.operator,
          proposedAt: proposal.proposedAt.toISOString(),
          expiresAt: proposal.expireAt.toISOString(),
          version: proposal.version,
        },
      }),
})

const toWebhook = (event: WebhookEvent) => {
  const { _id, eventType, orderId, paymentKey, status, transactionKey, transmissionId, paymentId, outcome, reason } =
    event
  const given = Object.entries({
    orderId,
    paymentKey,
    status,
    transactionKey,
    transmissionId,
    paymentId,
    outcome,
    reason,
  })
  const { justifiedBy, lookAt } = event
  return {
    bodyHash: _id,
    eventType,
    receivedAt: event.receivedAt,
    storedAt: event.storedAt.toISOString(),
    looks: event.looks,
    needsAttention: event.needsAttention === true,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(lookAt === undefined ? {} : { nextLookAt: lookAt.toISOString() }),
    ...(justifiedBy === undefined
      ? {}
      : {
          justifiedBy: `Toss showed ${justifiedBy.status} for ${justifiedBy.paymentKey} at ${justifiedBy.at.toISOString()}`,
        }),
  }
}

import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import { inSpan, type Span, SpanKind } from '@checkout/runtime/trace'
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  circuitBreaker,
  handleType,
  type IBreaker,
  wrap,
} from 'cockatiel'
import { got } from 'got'
import type { TossAnswer } from './domain/answers.ts'
import type { TossTransaction } from './domain/compare-books.ts'
import type { Evidence } from './domain/evidence.ts'
import type { RefundReceiveAccount } from './domain/payment.ts'
import { classifyTossCode, isKnownTossCode } from './domain/toss-codes.ts'
import { parseTossError, parseTossPayment } from './toss-payment.ts'
import { parseTossTransactions, seoulTime } from './toss-transactions.ts'

/** Toss's answers are a few KiB; more than this is not Toss. */
const MAX_ANSWER_BYTES = 1024 * 1024
/** 5,000 rows of at most 1,600 bytes; a row has about 400. */
const MAX_LIST_BYTES = 8 * 1024 * 1024
const MAX_RETRY_AFTER_S = 3_600

export type Look =
  | { readonly kind: 'answered'; readonly paymentKey: string; readonly evidence: Evidence }
  | { readonly kind: 'none'; readonly retryAfterMs?: number }
  | { readonly kind: 'blocked' }

/** A window of Toss's list, by Toss's clock to the second, both ends included; a page begins behind the transaction `after`. */
export type TransactionsAsked = {
  readonly from: Date
  readonly to: Date
  readonly after?: string | undefined
  readonly limit: number
}
export type TransactionsPage =
  | { readonly kind: 'rows'; readonly rows: readonly TossTransaction[] }
  | {
      readonly kind: 'none'
      readonly reason: string
      /** It is what was asked for that Toss refuses, and would again. */
      readonly isRefused: boolean
      readonly retryAfterMs?: number
    }

export type Toss = ReturnType<typeof createToss>

type Reply = { status: number; body: string; retryAfterMs?: number }

/** Carries an answer through the breaker as the failure that it is for the breaker. */
class Outage extends Error {
  readonly reply: Reply | undefined
  constructor(reply: Reply | undefined, options?: { cause?: unknown }) {
    super('Toss is away', options)
    this.reply = reply
  }
}

/** Opens after so many outages in a row, and at once when our own keys are refused: then no call can succeed. */
const createBreaker = (failures: number): IBreaker & { trip(): void } => {
  let inARow = 0
  let isTripped = false
  return {
    state: undefined,
    trip: () => {
      isTripped = true
    },
    success: () => {
      inARow = 0
      isTripped = false
    },
    failure: () => {
      inARow += 1
      const opens = isTripped || inARow >= failures
      isTripped = false
      return opens
    },
  }
}

/**
 * Toss's payment API. No retries, no redirects, one deadline for a whole call. Every outcome is a value: an answer, no answer
 * (which says nothing about the effect), or a call that was not made because Toss is known to be away.
 */
export const createToss = (options: {
  baseUrl: string
  secretKey: string
  timeoutMs: number
  maxCalls: number
  breakerFailures: number
  breakerResetMs: number
  log: Logger
  metrics: Metrics
  onRecovered: () => void
}) => {
  const { log, metrics } = options
  const client = got.extend({
    prefixUrl: options.baseUrl,
    headers: { authorization: `Basic ${Buffer.from(`${options.secretKey}:`).toString('base64')}` },
    timeout: { request: options.timeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    agent: { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) },
  })
  const address = new URL(options.baseUrl).host
  const calls = metrics.histogram('toss_call_duration_seconds', 'Calls to Toss', ['operation', 'outcome'])
  const refusals = metrics.counter('toss_refusals_total', 'Errors that Toss answered', ['operation', 'code'])
  const breakerState = createBreaker(options.breakerFailures)
  const breaker = circuitBreaker(handleType(Outage), { halfOpenAfter: options.breakerResetMs, breaker: breakerState })
  const compartment = bulkhead(options.maxCalls)
  const policy = wrap(compartment, breaker)
  let openedAt = 0
  breaker.onBreak(() => {
    openedAt = performance.now()
    log.error('the circuit to Toss is open')
  })
  breaker.onReset(() => {
    log.info('the circuit to Toss is closed again')
    options.onRecovered()
  })
  metrics.gauge('toss_circuit_open', '1 while calls to Toss are refused', (gauge) => {
    gauge.set(breaker.state === CircuitState.Open ? 1 : 0)
    return Promise.resolve()
  })

  /** The path is no attribute: it names the paymentKey. Toss itself is told nothing of our traces. */
  const request = (operation: string, path: string, post?: { key: string; body: object }) =>
    inSpan(`toss ${operation}`, { kind: SpanKind.CLIENT, attributes: { 'server.address': address } }, (span) =>
      call(operation, path, post, span),
    )

  const call = async (
    operation: string,
    path: string,
    post: { key: string; body: object } | undefined,
    span: Span | undefined,
  ): Promise<Reply | 'none' | 'blocked'> => {
    const endTimer = calls.startTimer({ operation })
    const end = (reply: Reply | 'none' | 'blocked') => {
      const outcome = typeof reply === 'string' ? reply : String(reply.status)
      endTimer({ outcome })
      span?.setAttribute('toss.outcome', outcome)
      if (typeof reply === 'string' || reply.status < 400) return reply
      const { code } = parseTossError(reply.body)
      const known = isKnownTossCode(code) ? code : 'other'
      refusals.inc({ operation, code: known })
      span?.setAttribute('toss.code', known)
      return reply
    }
    try {
      const reply = await policy.execute(async () => {
        const answer = await send(path, post).catch((error: unknown) => {
          throw new Outage(undefined, { cause: error })
        })
        const isOurFault =
          answer.status >= 400 &&
          classifyTossCode('confirm', answer.status, parseTossError(answer.body).code) === 'configuration'
        if (isOurFault) {
          log.fatal(
            { operation, status: answer.status, code: parseTossError(answer.body).code },
            'Toss refuses our keys',
          )
          breakerState.trip()
        }
        if (isOurFault || answer.status >= 500) throw new Outage(answer)
        return answer
      })
      return end(reply)
    } catch (error) {
      if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError) return end('blocked')
      if (!(error instanceof Outage)) throw error
      if (error.reply !== undefined) return end(error.reply)
      log.warn({ operation, err: error.cause }, 'Toss did not answer')
      return end('none')
    }
  }

  const send = async (
    path: string,
    post?: { key: string; body: object },
    maxBytes: number = MAX_ANSWER_BYTES,
  ): Promise<Reply> => {
    const call =
      post === undefined
        ? client.get(path)
        : client.post(path, { json: post.body, headers: { 'idempotency-key': post.key } })
    void call.on('downloadProgress', ({ transferred }) => {
      if (transferred > maxBytes) call.cancel('the answer is too large')
    })
    const { statusCode, body, headers } = await call
    const seconds = Number(headers['retry-after'])
    return {
      status: statusCode,
      body,
      ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, MAX_RETRY_AFTER_S) * 1000 } : {}),
    }
  }

  const post = async (
    operation: 'confirm' | 'cancel',
    path: string,
    key: string,
    body: object,
  ): Promise<TossAnswer> => {
    const reply = await request(operation, path, { key, body })
    if (reply === 'none' || reply === 'blocked') return { kind: reply }
    if (reply.status === 200) {
      const toss = parseTossPayment(reply.body)
      if (toss === undefined) log.warn({ operation }, 'Toss answered 200 with something that is no payment')
      return toss === undefined ? { kind: 'none' } : { kind: 'ok', toss }
    }
    const { code, message } = parseTossError(reply.body)
    const isDecline = reply.status >= 400 && reply.status < 500
    return {
      kind: 'refused',
      failure: { code, message, httpStatus: isDecline ? reply.status : 502 },
      meaning: classifyTossCode(operation, reply.status, code),
      ...(reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs }),
    }
  }

  const get = async (operation: string, path: string): Promise<Evidence | Exclude<Look, { kind: 'answered' }>> => {
    const reply = await request(operation, path)
    if (reply === 'none' || reply === 'blocked') return { kind: reply }
    // A 404 that Toss has not written, such as a proxy's, says nothing about the payment.
    if (reply.status === 404 && parseTossError(reply.body).code !== 'UNREADABLE_ANSWER') return { kind: 'not-found' }
    const toss = reply.status === 200 ? parseTossPayment(reply.body) : undefined
    if (toss !== undefined) return { kind: 'found', toss }
    return { kind: 'none', ...(reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs }) }
  }

  return {
    /** False while new confirms should be refused before their intent: the circuit is open or too many calls are in flight. */
    isAvailable: (): boolean =>
      compartment.executionSlots > 0 &&
      (breaker.state !== CircuitState.Open || performance.now() - openedAt >= options.breakerResetMs),

    /** Whether Toss knows our key, by asking for an order that is nobody's. Past the breaker, which it must not move. Throws when Toss says neither. */
    acceptsKey: async (): Promise<{ isAccepted: boolean; answer: string }> => {
      const { status, body } = await send('v1/payments/orders/doctor-asks-for-nothing')
      const { code } = parseTossError(body)
      const answer = `${status} ${code}`
      if (status === 404 && code !== 'UNREADABLE_ANSWER') return { isAccepted: true, answer }
      if (classifyTossCode('confirm', status, code) === 'configuration') return { isAccepted: false, answer }
      throw new Error(`Toss answers ${answer}`)
    },

    confirm: (call: { paymentKey: string; orderId: string; amountKrw: number; key: string }): Promise<TossAnswer> =>
      post('confirm', 'v1/payments/confirm', call.key, {
        paymentKey: call.paymentKey,
        orderId: call.orderId,
        amount: call.amountKrw,
      }),

    /** `amountKrw` absent cancels all that is left; Toss refuses when `refundableKrw`, where given, is not what is left. */
    cancel: (call: {
      paymentKey: string
      reason: string
      amountKrw?: number
      refundableKrw?: number
      refundReceiveAccount?: RefundReceiveAccount | undefined
      key: string
    }): Promise<TossAnswer> =>
      post('cancel', `v1/payments/${encodeURIComponent(call.paymentKey)}/cancel`, call.key, {
        cancelReason: call.reason,
        ...(call.amountKrw === undefined ? {} : { cancelAmount: call.amountKrw }),
        ...(call.refundableKrw === undefined ? {} : { refundableAmount: call.refundableKrw }),
        ...(call.refundReceiveAccount === undefined ? {} : { refundReceiveAccount: call.refundReceiveAccount }),
      }),

    /**
     * Asks for a payment by its key, and by its order where Toss does not know the key; that answer counts only if it carries
     * this key. An empty key asks by order alone.
     */
    look: async (paymentKey: string, orderId: string): Promise<Look> => {
      if (paymentKey !== '') {
        const byKey = await get('get', `v1/payments/${encodeURIComponent(paymentKey)}`)
        if (byKey.kind === 'found') return { kind: 'answered', paymentKey, evidence: byKey }
        if (byKey.kind !== 'not-found') return byKey
      }
      const byOrder = await get('get-by-order', `v1/payments/orders/${encodeURIComponent(orderId)}`)
      if (byOrder.kind === 'found') {
        const isOther = paymentKey !== '' && byOrder.toss.paymentKey !== paymentKey
        return {
          kind: 'answered',
          paymentKey: paymentKey || byOrder.toss.paymentKey,
          evidence: isOther ? { kind: 'not-found' } : byOrder,
        }
      }
      return byOrder.kind === 'not-found' ? { kind: 'answered', paymentKey, evidence: byOrder } : byOrder
    },

    /**
     * One page of Toss's list of transactions. Outside the breaker: a list that fails is no reason to refuse a buyer's confirm, and
     * one that works is none to believe that confirms do.
     */
    transactions: async ({ from, to, after, limit }: TransactionsAsked): Promise<TransactionsPage> => {
      const query = new URLSearchParams({
        startDate: seoulTime(from),
        endDate: seoulTime(to),
        ...(after === undefined ? {} : { startingAfter: after }),
        limit: String(limit),
      })
      const end = calls.startTimer({ operation: 'transactions' })
      try {
        const reply = await send(`v1/transactions?${query.toString()}`, undefined, MAX_LIST_BYTES)
        end({ outcome: String(reply.status) })
        const rows = reply.status === 200 ? parseTossTransactions(reply.body) : undefined
        if (rows !== undefined) return { kind: 'rows', rows }
        const code = reply.status === 200 ? undefined : parseTossError(reply.body).code
        return {
          kind: 'none',
          reason: code === undefined ? 'the list of transactions is none' : `${reply.status} ${code}`,
          isRefused: reply.status === 400 && code === 'INVALID_REQUEST',
          ...(reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs }),
        }
      } catch (error) {
        end({ outcome: 'none' })
        log.warn({ operation: 'transactions', err: error }, 'Toss did not answer')
        return { kind: 'none', reason: 'Toss did not answer', isRefused: false }
      }
    },
  }
}

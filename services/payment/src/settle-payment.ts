import type { Clock } from '@checkout/runtime/clock'
import { crashPoint } from '@checkout/runtime/crash-point'
import { isInfrastructureError } from '@checkout/runtime/infrastructure'
import type { Logger } from '@checkout/runtime/log'
import { inSpan } from '@checkout/runtime/trace'
import { closeWebhooks } from './close-webhooks.ts'
import type { TossAnswer } from './domain/answers.ts'
import type { Durations } from './domain/durations.ts'
import type { Evidence, TossPayment, Verdict } from './domain/evidence.ts'
import { backoffMs, countEchoLook, countLook, nextStep, type Step } from './domain/next-step.ts'
import { openAttempt, type Payment } from './domain/payment.ts'
import { reconcile } from './domain/reconcile.ts'
import { flag, UNRESOLVED } from './domain/take-in.ts'
import type { Journal } from './journal.ts'
import { type Change, LeaseLost, type PaymentStore } from './store.ts'
import type { Look, Toss } from './toss.ts'
import { cancelCall, confirmCall, type TossCall, voidCall } from './toss-call.ts'
import type { WebhookEvent, WebhookEventStore } from './webhook-events.ts'

export type SettleDeps = {
  readonly store: PaymentStore
  readonly webhookEvents: WebhookEventStore
  readonly toss: Pick<Toss, 'confirm' | 'cancel' | 'look'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
  readonly journal: Pick<Journal, 'note'>
  readonly newId: () => string
  /** Makes sure that settle runs again at this time or soon after; only a hint, the sweep finds what is due anyway. */
  readonly hint: (paymentId: string, due: Date) => void
  readonly config: {
    readonly leaseMs: number
    readonly lookSpacingMs: number
    readonly webhookLadderMs: readonly number[]
    readonly mId?: string | undefined
    readonly durations: Durations
  }
}

/** The right to POST at once what this very caller has written together with taking the lease. */
export type Fresh = { readonly owner: string; readonly id: string; readonly payment: Payment }

/** What failed by a bug fails again: often enough to be healed by a repair, too seldom to fill the log. */
const AFTER_BUG_MS = 30_000
/** A run that goes on for longer than any story needs is a bug; the backoff keeps it from spinning. */
const MAX_STEPS = 60

/**
 * The only code that talks to Toss about a payment. Under a lease on the document it looks at what is open, makes the next
 * call, reconciles and saves, until nothing is open or only time can help. Whoever dies here at any line is followed by another
 * run that goes on from what is saved, with the same idempotency keys, so doing it twice is doing it once. The lease saves work
 * and carries no correctness: a run that lost it writes nothing more.
 */
export const settlePayment = async (deps: SettleDeps, paymentId: string, fresh?: Fresh): Promise<void> => {
  const owner = fresh?.owner ?? deps.newId()
  const payment = fresh?.payment ?? (await deps.store.takeLease(paymentId, { owner, ms: deps.config.leaseMs }))
  if (payment === undefined) return
  crashPoint('settle.after-lease')
  await inSpan('settle', { orderId: payment.orderId, attributes: { 'payment.id': paymentId } }, () =>
    settleUnderLease(deps, payment, owner, fresh?.id),
  )
}

const settleUnderLease = async (
  deps: SettleDeps,
  payment: Payment,
  owner: string,
  freshId: string | undefined,
): Promise<void> => {
  const { store, config, log } = deps
  const paymentId = payment._id
  const renewal = setInterval(() => {
    store
      .renewLease(paymentId, { owner, ms: config.leaseMs })
      .catch((error: unknown) => log.warn({ err: error, paymentId }, 'the lease could not be renewed'))
  }, config.leaseMs / 3)
  const at = deps.clock.now()
  let end = 'done'
  try {
    await new Run(deps, payment, owner, freshId).go()
  } catch (error) {
    end = error instanceof LeaseLost ? 'lost its lease' : 'interrupted'
    if (error instanceof LeaseLost) return
    const isBug = !isInfrastructureError(error)
    log[isBug ? 'error' : 'warn']({ err: error, paymentId }, 'settling was interrupted, the sweep goes on with it')
    const due = isBug ? new Date(deps.clock.now().getTime() + AFTER_BUG_MS) : undefined
    await store.release(paymentId, owner, due).catch(() => undefined)
  } finally {
    clearInterval(renewal)
    const by = freshId === undefined ? 'job' : 'request'
    deps.journal.note(payment.orderId, 'runs', { at, ms: msSince(deps.clock, at), by, owner, end })
  }
}

const msSince = (clock: Pick<Clock, 'now'>, at: Date): number => clock.now().getTime() - at.getTime()

class Run {
  readonly #deps: SettleDeps
  readonly #id: string
  readonly #owner: string
  readonly #fresh: string | undefined
  readonly #seen = new Set<string>()
  readonly #posted = new Set<string>()
  /** What this run knows: every write and its end hold only if that is still true. Undefined: read it again. */
  #payment: Payment | undefined
  #events: readonly WebhookEvent[] = []
  #bell = 0
  #at = new Date(0)

  constructor(deps: SettleDeps, payment: Payment, owner: string, fresh: string | undefined) {
    this.#deps = deps
    this.#id = payment._id
    this.#payment = payment
    this.#owner = owner
    this.#fresh = fresh
  }

  async go(): Promise<void> {
    if (this.#payment !== undefined) await this.#hear(this.#payment)
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const payment = this.#payment ?? (await this.#read())
      if (payment === undefined) return
      this.#at = this.#deps.clock.now()
      const progress = { seen: this.#seen, posted: this.#posted, rung: keysOf(this.#events, payment) }
      const step = nextStep(payment, progress, this.#at, this.#fresh, this.#deps.config.durations)
      if ((await this.#take(step, payment)) === 'ended') return
    }
    if (this.#payment !== undefined) await this.#putOff(this.#payment, this.#payment.createdAt)
  }

  async #read(): Promise<Payment | undefined> {
    const payment = await this.#deps.store.find(this.#id)
    if (payment?.lease?.owner !== this.#owner) return undefined
    this.#payment = payment
    await this.#hear(payment)
    return payment
  }

  /** Reads the open webhooks after the payment: what is stored later rings later, and then this run cannot end unheard. */
  async #hear(payment: Payment): Promise<void> {
    this.#bell = payment.bell
    this.#events = payment.bell === 0 ? [] : await this.#deps.webhookEvents.findOpen(this.#id)
  }

  async #take(step: Step, payment: Payment): Promise<'goes-on' | 'ended'> {
    const { toss } = this.#deps
    switch (step.kind) {
      case 'look':
        return this.#look(payment, step.paymentKeys)
      case 'confirm':
        return this.#post(payment, step.attemptId, confirmCall(toss, step.attemptId, step.isFirst), step.isFirst)
      case 'cancel':
        return this.#post(payment, step.refundId, cancelCall(toss, step.refundId), step.isFirst)
      case 'void':
        return this.#post(payment, step.attemptId, voidCall(toss, step.attemptId), step.isFirst)
      case 'change':
        // Decided from this very reading: of any later one, also at the same version, the bell and due may have moved on.
        await this.#save(step.cause, (current) => (current === payment ? step.to : current))
        return 'goes-on'
      case 'wait':
        return this.#putOff(payment, step.since)
      case 'rest':
        return this.#rest(payment, step.due)
    }
  }

  async #save(cause: string, change: Change): Promise<Payment> {
    const { store } = this.#deps
    const known = this.#payment === undefined ? {} : { known: this.#payment }
    const { payment } = await store.update(this.#id, cause, change, { owner: this.#owner, ...known })
    this.#payment = payment
    return payment
  }

  /** Asks Toss about these keys, takes in what it says, and closes the webhooks that this explains. */
  async #look(payment: Payment, paymentKeys: readonly string[]): Promise<'goes-on' | 'ended'> {
    const { store, toss, clock, config } = this.#deps
    const nextLookAt = new Date((payment.askedAt?.getTime() ?? 0) + config.lookSpacingMs)
    // Whatever came meanwhile may need no look, as a refund that nobody has sent: then this run goes on with it.
    if (nextLookAt > clock.now())
      return this.#end({ due: nextLookAt, tries: payment.tries }, { goesOnWhenRefused: true })
    const askedAt = await store.asked(this.#id, this.#owner)
    if (askedAt === undefined) return 'ended'
    this.#payment = { ...payment, askedAt }
    const isOpen = openAttempt(payment) !== undefined || payment.refunds.some(({ status }) => status === 'REQUESTED')
    let isStale = false
    const isOurs = (key: string) => payment.attempts.some(({ paymentKey }) => paymentKey === key)
    for (const paymentKey of paymentKeys.toSorted((a, b) => Number(isOurs(b)) - Number(isOurs(a)))) {
      const at = clock.now()
      crashPoint('look.before-toss')
      const look = await toss.look(paymentKey, payment.orderId)
      crashPoint('look.after-toss')
      if (look.kind !== 'blocked') this.#note(payment, at, 'look', paymentKey, sayLook(look))
      // Anybody can ring with a key that Toss never answers about; what is open about ours must not wait for it.
      if (look.kind === 'none' && paymentKey !== '' && !isOurs(paymentKey)) {
        await this.#postpone(paymentKey, at, look.retryAfterMs)
        continue
      }
      if (look.kind !== 'answered') return this.#putOff(payment, payment.createdAt, look)
      const taken = await this.#takeIn(look.paymentKey, look.evidence, 'look')
      crashPoint('look.after-save')
      const explained = this.#events.filter((event) => keyOf(event, payment) === paymentKey)
      await closeWebhooks(this.#deps, explained, { paymentKey: look.paymentKey, evidence: look.evidence, at, ...taken })
      if (explained.length > 0) crashPoint('look.after-webhooks')
      this.#events = this.#events.filter((event) => !explained.includes(event))
      // Evidence that knows less than we do must lead neither to a POST nor to the end of a look that was due.
      const isDue = payment.scheduledLooks.some((look) => look.paymentKey === paymentKey && look.at <= at)
      isStale ||= taken.verdict === 'stale' && (isOpen || isDue)
      this.#seen.add(paymentKey)
    }
    return isStale ? this.#putOff(payment, payment.createdAt) : 'goes-on'
  }

  async #postpone(paymentKey: string, at: Date, retryAfterMs = 0): Promise<void> {
    for (const event of this.#events.filter((candidate) => candidate.paymentKey === paymentKey)) {
      const delayMs = Math.max(60_000, retryAfterMs, (at.getTime() - event.storedAt.getTime()) / 2)
      await this.#deps.webhookEvents.postpone(event._id, new Date(at.getTime() + delayMs))
    }
    this.#events = this.#events.filter((event) => event.paymentKey !== paymentKey)
    this.#seen.add(paymentKey)
  }

  async #takeIn(
    paymentKey: string,
    evidence: Evidence,
    source: string,
  ): Promise<{ verdict: Verdict; isNews: boolean }> {
    let verdict: Verdict = 'decided'
    let isNews = false
    const newId = this.#deps.newId()
    const status = evidence.kind === 'found' ? evidence.toss.status : 'not found'
    await this.#save(`${source}: Toss says ${status}`, (current, now) => {
      const reconciled = reconcile(current, paymentKey, evidence, {
        now,
        newId,
        mId: this.#deps.config.mId,
        durations: this.#deps.config.durations,
      })
      verdict = reconciled.verdict
      isNews = reconciled.payment !== current
      if (verdict === 'undecided') return countLook(reconciled.payment, paymentKey, now, this.#deps.config.durations)
      return verdict === 'decided' && source === 'look'
        ? countEchoLook(reconciled.payment, paymentKey)
        : reconciled.payment
    })
    return { verdict, isNews }
  }

  /** Announces a POST, makes it, and saves what its answer says. */
  async #post(payment: Payment, id: string, call: TossCall, isFirst: boolean): Promise<'goes-on' | 'ended'> {
    const isAnnounced = id === this.#fresh
    const current = isAnnounced
      ? payment
      : await this.#save(`${call.name} is sent`, (before, now) => call.mark(before, now))
    const prepared = call.prepare(current)
    if (prepared === undefined) return 'goes-on'
    const { paymentKey, since } = prepared
    this.#posted.add(id)
    this.#seen.delete(paymentKey)
    const at = this.#deps.clock.now()
    const answer = await prepared.send()
    if (answer.kind !== 'blocked') this.#note(current, at, call.name, prepared.key, sayAnswer(answer))
    if (answer.kind === 'refused') {
      await this.#save(`${call.name} refused: ${answer.failure.code}`, (before) => call.refused(before, answer))
      crashPoint('settle.after-refusal')
    }
    if (answer.kind === 'ok' && !isFirst) {
      await this.#save(`${call.name} was done before`, (before) => call.repeated(before, answer.toss))
    }
    // An answer about another payment than the one that was asked about says nothing about this one.
    if (answer.kind === 'ok' && isFirst && answer.toss.paymentKey === paymentKey) {
      await this.#takeIn(paymentKey, { kind: 'found', toss: answer.toss }, call.name)
    }
    call.saved()
    return this.#afterPost(since, answer, isFirst)
  }

  #note({ orderId }: Payment, at: Date, call: string, key: string, answer: string): void {
    const { journal, clock } = this.#deps
    journal.note(orderId, 'calls', { at, ms: msSince(clock, at), call, key, answer })
  }

  /** What waiting can move is put off; what a look can tell is looked at in the next step. */
  async #afterPost(since: Date, answer: TossAnswer, isFirst: boolean): Promise<'goes-on' | 'ended'> {
    const isForLater =
      answer.kind === 'none' ||
      answer.kind === 'blocked' ||
      (answer.kind === 'refused' &&
        ['temporary', 'same-key', 'configuration'].includes(answer.meaning) &&
        !(isFirst && answer.meaning === 'configuration'))
    if (!isForLater) return 'goes-on'
    return this.#payment === undefined ? 'goes-on' : this.#putOff(this.#payment, since, answer)
  }

  /** Tries again later, with backoff; after an hour a person is told, while this goes on. */
  async #putOff(
    payment: Payment,
    since: Date,
    answer?: { kind: string; retryAfterMs?: number },
  ): Promise<'goes-on' | 'ended'> {
    const now = this.#deps.clock.now()
    const openSince =
      openAttempt(payment)?.startedAt ??
      payment.refunds.find(({ status }) => status === 'REQUESTED')?.requestedAt ??
      since
    const openForMs = now.getTime() - openSince.getTime()
    let current = payment
    if (
      openForMs > this.#deps.config.durations.attentionMs &&
      payment.needsAttention === undefined &&
      payment.status !== 'PENDING'
    ) {
      current = await this.#save(UNRESOLVED, (before, at) =>
        before.needsAttention === undefined ? flag(before, UNRESOLVED, at, false) : before,
      )
    }
    // A call that the breaker refused was no try: when it closes, everything due is pulled forward.
    const tries = answer?.kind === 'blocked' ? current.tries : current.tries + 1
    const delayMs = Math.max(answer?.retryAfterMs ?? 0, backoffMs(current.tries, openForMs, Math.random()))
    return this.#end({ due: new Date(now.getTime() + delayMs), tries })
  }

  async #rest(payment: Payment, due: Date | undefined): Promise<'goes-on' | 'ended'> {
    if (payment.needsAttention?.reason === UNRESOLVED) {
      await this.#save('resolved', ({ needsAttention: _, ...resolved }) => resolved)
      return 'goes-on'
    }
    const lookAt = this.#bell === 0 ? undefined : await this.#deps.webhookEvents.nextLookAt(this.#id)
    const next = [due, lookAt].filter((at) => at !== undefined).sort((a, b) => a.getTime() - b.getTime())[0]
    return this.#end({ due: next, tries: 0 }, { looksDoneBefore: this.#at, goesOnWhenRefused: true })
  }

  /** Ends the run unless somebody changed the payment or rang meanwhile. */
  async #end(
    next: { due: Date | undefined; tries: number },
    { looksDoneBefore, goesOnWhenRefused = false }: { looksDoneBefore?: Date; goesOnWhenRefused?: boolean } = {},
  ): Promise<'goes-on' | 'ended'> {
    const { store, hint } = this.#deps
    crashPoint('settle.before-rest')
    const known = { version: this.#payment?.version ?? 0, bell: this.#bell }
    const rest = { ...next, ...(looksDoneBefore === undefined ? {} : { looksDoneBefore }) }
    if (await store.rest(this.#id, this.#owner, known, rest)) {
      crashPoint('settle.after-rest')
      if (next.due !== undefined) hint(this.#id, next.due)
      return 'ended'
    }
    this.#payment = undefined
    this.#seen.clear()
    if (goesOnWhenRefused) return 'goes-on'
    // Somebody rang while this run is not done: the next run looks at once, at a due time that they have set.
    await store.release(this.#id, this.#owner)
    hint(this.#id, this.#deps.clock.now())
    return 'ended'
  }
}

/** Statuses, codes and amounts: nothing else of Toss's answers is written down. */
const sayPayment = ({ status, balanceAmount }: TossPayment): string => `${status}, ${balanceAmount} KRW left`

const sayAnswer = (answer: Exclude<TossAnswer, { kind: 'blocked' }>): string => {
  switch (answer.kind) {
    case 'ok':
      return `200 ${sayPayment(answer.toss)}`
    case 'refused':
      return `${answer.failure.httpStatus} ${answer.failure.code}`
    case 'none':
      return 'no answer'
  }
}

const sayLook = (look: Exclude<Look, { kind: 'blocked' }>): string => {
  if (look.kind === 'none') return 'no answer'
  return look.evidence.kind === 'found' ? `200 ${sayPayment(look.evidence.toss)}` : '404 not found'
}

/** The keys that webhooks ask about, and ours with them; an empty key asks by order. */
const keysOf = (events: readonly WebhookEvent[], payment: Payment): string[] => {
  if (events.length === 0) return []
  const ours = ourKey(payment)
  return [...new Set([...events.map((event) => keyOf(event, payment)), ...(ours === undefined ? [] : [ours])])]
}

const ourKey = (payment: Payment): string | undefined => payment.paymentKey ?? openAttempt(payment)?.paymentKey

/** What this webhook asks about. One that names no key is about ours, and never about what another one names. */
const keyOf = (event: WebhookEvent, payment: Payment): string => event.paymentKey ?? ourKey(payment) ?? ''

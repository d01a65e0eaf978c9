import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { authorize } from './authorize.ts'
import type { Effect } from './effects.ts'
import { inEnglish } from './english.ts'
import { isKnownCode, messageOf, TossError } from './errors.ts'
import type { CallFault, Operation } from './faults.ts'
import { newTraceId } from './ids.ts'
import type { StoredAnswer, Subject } from './records.ts'
import { headerOf } from './routes.ts'
import { seoulInstant } from './seoul-time.ts'
import type { World } from './world.ts'

type Answer = Readonly<{ status: number; body: unknown }>
/** What a call comes to: its answer and, when it did something, what. */
export type Outcome = Answer & Readonly<{ effect?: Effect }>

/** One call of the API: what it is about, and the work itself, which throws a TossError to refuse. */
export type Plan = Readonly<{ operation: Operation; subject: Subject; run: (secretKey: string) => Outcome }>

/** The road of every API call: key, idempotency, fault, work, books, answer. */
export async function serve(world: World, req: IncomingMessage, res: ServerResponse, plan: Plan): Promise<void> {
  const call = new ServedCall(world, req, res, plan)
  try {
    await call.serve()
  } catch (error) {
    if (error instanceof TossError) call.refuse(error)
    else if (world.closing.aborted) res.destroy()
    else throw error
  } finally {
    call.release()
  }
}

class ServedCall {
  readonly #world: World
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  readonly #plan: Plan
  readonly #traceId = newTraceId()
  readonly #key: string | undefined
  readonly #cameAtMs: number
  #running: string | undefined
  #secretKey = ''

  constructor(world: World, req: IncomingMessage, res: ServerResponse, plan: Plan) {
    this.#world = world
    this.#req = req
    this.#res = res
    this.#plan = plan
    this.#cameAtMs = world.clock.now()
    this.#key = req.method === 'POST' ? headerOf(req, 'idempotency-key') : undefined
  }

  async serve(): Promise<void> {
    const { keys } = this.#world
    this.#secretKey = authorize(headerOf(this.#req, 'authorization'), (secretKey) => keys.opens(secretKey))
    if (!this.#world.rateLimit.admits(this.#plan.operation)) throw new TossError('TOO_MANY_REQUESTS')
    const stored = this.#begin()
    const fault = this.#world.faults.takeForCall(this.#plan.operation, this.#plan.subject)
    if (fault?.kind === 'delay') await sleep(fault.ms, undefined, { signal: this.#world.closing })
    if (fault?.kind === 'hang-before') await hang(this.#world, this.#res, fault.ms)
    if (fault?.kind === 'hang-before' || fault?.kind === 'drop-before') return this.#drop(stored)

    const answer = stored ? (injectedBy(fault) ?? stored) : this.#work(fault)
    this.release()
    // What is told must survive a kill; so must what a replay or a query shows of a call still on its way to the disk.
    await this.#world.books.durable()

    if (fault?.kind === 'hang-after') await hang(this.#world, this.#res, fault.ms)
    if (fault?.kind === 'hang-after' || fault?.kind === 'drop-after') return this.#drop(stored)
    if (fault?.kind === 'garbage') return this.#sendGarbage(stored)
    this.send(fault?.kind === 'new-field' ? withNewField(answer) : answer, stored)
  }

  refuse(error: TossError): void {
    this.send(this.#inTheirLanguage(answerOf(error)), undefined)
  }

  #inTheirLanguage({ status, body }: Answer): Answer {
    const isEnglish = headerOf(this.#req, 'accept-language')?.startsWith('en') === true
    return { status, body: isEnglish ? inEnglish(body) : body }
  }

  send(answer: Answer, stored: StoredAnswer | undefined): void {
    this.#log(answer, stored)
    // Toss: a replay shows its own trace id and the first call's.
    this.#res.setHeader('x-tosspayments-trace-id', stored ? `${this.#traceId}, ${stored.traceId}` : this.#traceId)
    if (this.#key !== undefined) this.#res.setHeader('idempotency-key', this.#key)
    sendJson(this.#res, answer)
  }

  /** From here on a repeat with the same key is no longer told that the first call runs. */
  release(): void {
    if (this.#running !== undefined) this.#world.idempotency.end(this.#running)
    this.#running = undefined
  }

  #begin(): StoredAnswer | undefined {
    if (this.#key === undefined) return undefined
    const { method = '', url = '' } = this.#req
    const begun = this.#world.idempotency.begin({ key: this.#key, secretKey: this.#secretKey, method, url })
    if (typeof begun === 'object') return begun
    this.#running = begun
    return undefined
  }

  #work(fault: CallFault | undefined): Answer {
    const injected = injectedBy(fault)
    const outcome: Outcome = injected && fault?.kind === 'error-before' ? injected : this.#attempt()
    const answer = this.#inTheirLanguage(injected ?? outcome)
    this.#book(outcome.effect, answer)
    return answer
  }

  #attempt(): Outcome {
    try {
      const testCode = headerOf(this.#req, 'tosspayments-test-code')
      // Toss: live keys ignore the header.
      if (testCode !== undefined && this.#secretKey.startsWith('test_')) {
        throw new TossError(isKnownCode(testCode) ? testCode : 'INVALID_TEST_CODE')
      }
      return this.#plan.run(this.#secretKey)
    } catch (error) {
      if (error instanceof TossError) return answerOf(error)
      throw error
    }
  }

  /**
   * The effect and the answer in one line. Toss replays 200 and 4xx; whether it stores a 5xx nobody has seen, so here
   * a repeat after one runs anew. A 409 about a running call is about that moment only.
   */
  #book(effect: Effect | undefined, { status, body }: Answer): void {
    const { books, effects } = this.#world
    const isStored = status < 500 && status !== 409
    const answer =
      this.#running !== undefined && isStored
        ? { id: this.#running, at: this.#cameAtMs, traceId: this.#traceId, status, body }
        : undefined
    if (effect) effects.commit(effect, answer)
    else if (answer) books.commit({ answer })
  }

  #drop(stored: StoredAnswer | undefined): void {
    this.#log(null, stored)
    this.#res.destroy()
  }

  #sendGarbage(stored: StoredAnswer | undefined): void {
    this.#log({ status: 200, body: undefined }, stored)
    this.#res.writeHead(200, { 'content-type': 'text/html' }).end('<html><body><h1>It works!</h1></body></html>')
  }

  #log(answer: Answer | null, stored: StoredAnswer | undefined): void {
    const { paymentKey, orderId } = this.#plan.subject
    this.#world.calls.add({
      at: seoulInstant(this.#world.clock.now()),
      operation: this.#plan.operation,
      method: this.#req.method ?? '',
      ...(paymentKey === undefined ? {} : { paymentKey }),
      ...(orderId === undefined ? {} : { orderId }),
      ...(this.#key === undefined ? {} : { idempotencyKey: this.#key.slice(0, 300) }),
      status: answer?.status ?? null,
      ...codeOf(answer?.body),
      replayed: stored !== undefined,
    })
  }
}

function answerOf({ status, code, message }: TossError): Answer {
  return { status, body: { code, message } }
}

/** What no call of ours has answered. Toss: addresses of version 2 have errors of another shape, with the trace id in it. */
export function sendStrayError(req: IncomingMessage, res: ServerResponse, error: TossError): void {
  const traceId = newTraceId()
  res.setHeader('x-tosspayments-trace-id', traceId)
  const answer = answerOf(error)
  const isV2 = req.url?.startsWith('/v2/') === true
  sendJson(res, isV2 ? { ...answer, body: { version: '2022-11-16', traceId, error: answer.body } } : answer)
}

export function sendJson(res: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) return void res.writeHead(status, { 'content-length': 0 }).end()
  const text = JSON.stringify(body)
  const headers = { 'content-type': 'application/json;charset=UTF-8', 'content-length': Buffer.byteLength(text) }
  res.writeHead(status, headers).end(text)
}

function injectedBy(fault: CallFault | undefined): Answer | undefined {
  if (fault?.kind !== 'error-before' && fault?.kind !== 'error-after') return undefined
  return { status: fault.status, body: { code: fault.code, message: fault.message ?? messageOf(fault.code) } }
}

/** Until the time is over, or the client or the simulator has gone, which ends even a hang without a time. */
async function hang(world: World, res: ServerResponse, ms: number | undefined): Promise<void> {
  if (res.destroyed || world.closing.aborted) return
  const ended = new AbortController()
  const end = (): void => ended.abort()
  world.closing.addEventListener('abort', end, { once: true })
  const { signal } = ended
  const waits: Promise<unknown>[] = [once(res, 'close', { signal })]
  if (ms !== undefined) waits.push(sleep(ms, undefined, { signal }))
  await Promise.race(waits.map((wait) => wait.catch(() => undefined)))
  world.closing.removeEventListener('abort', end)
  end()
}

/** Toss: an answer may have fields more any day, without a new version. */
function withNewField({ status, body }: Answer): Answer {
  const newField = { addedBy: 'toss', values: [1, null] }
  const grown = (one: unknown): unknown => (typeof one === 'object' && one !== null ? { ...one, newField } : one)
  return { status, body: Array.isArray(body) ? body.map(grown) : grown(body) }
}

function codeOf(body: unknown): { code?: string } {
  if (typeof body !== 'object' || body === null || !('code' in body) || typeof body.code !== 'string') return {}
  return { code: body.code }
}

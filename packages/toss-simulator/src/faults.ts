import { z } from 'zod'
import { newFaultId } from './ids.ts'
import type { Subject } from './records.ts'

/** Longer than any client waits; a limit only so that a slip of the hand does not last for ever. */
const LONGEST_MS = 24 * 60 * 60 * 1000

/** The calls of the API. */
export const operations = [
  'confirm',
  'cancel',
  'get',
  'getByOrder',
  'transactions',
  'settlements',
  'issueAccount',
  'issueBillingKey',
  'charge',
  'removeBillingKey',
] as const
/** Those at which a card company can decline. */
const declinable: readonly string[] = ['confirm', 'charge']

const ms = z.number().int().min(0).max(LONGEST_MS)
const code = z.string().regex(/^[A-Z0-9_]{1,100}$/)
const error = { status: z.number().int().min(400).max(599), code, message: z.string().max(500).optional() }

const callFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delay'), ms }),
  z.strictObject({ kind: z.literal('drop-before') }),
  z.strictObject({ kind: z.literal('drop-after') }),
  z.strictObject({ kind: z.literal('error-before'), ...error }),
  z.strictObject({ kind: z.literal('error-after'), ...error }),
  z.strictObject({ kind: z.literal('hang-before'), ms: ms.optional() }),
  z.strictObject({ kind: z.literal('hang-after'), ms: ms.optional() }),
  z.strictObject({ kind: z.literal('garbage') }),
  z.strictObject({ kind: z.literal('new-field') }),
])
const declineFault = z.strictObject({ kind: z.literal('decline'), code })
const webhookFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lose') }),
  z.strictObject({ kind: z.literal('double') }),
  z.strictObject({ kind: z.literal('late'), ms }),
  z.strictObject({ kind: z.literal('reorder') }),
])

type Fault = z.infer<typeof callFault> | z.infer<typeof declineFault> | z.infer<typeof webhookFault>
export type CallFault = z.infer<typeof callFault>

const isDecline = (fault: Fault): fault is z.infer<typeof declineFault> => fault.kind === 'decline'
const isWebhookFault = (fault: Fault): fault is z.infer<typeof webhookFault> =>
  ['lose', 'double', 'late', 'reorder'].includes(fault.kind)
const isCallFault = (fault: Fault): fault is CallFault => !isDecline(fault) && !isWebhookFault(fault)

export const faultRequest = z
  .strictObject({
    match: z
      .strictObject({
        operation: z.enum([...operations, 'webhook']).optional(),
        paymentKey: z.string().min(1).optional(),
        orderId: z.string().min(1).optional(),
      })
      .default({}),
    times: z.number().int().min(1).max(1_000_000).default(1),
    fault: z.discriminatedUnion('kind', [...callFault.options, declineFault, ...webhookFault.options]),
  })
  .superRefine(({ match: { operation }, fault }, context) => {
    if (operation === undefined) return
    const isPossible = isDecline(fault)
      ? declinable.includes(operation)
      : isWebhookFault(fault) === (operation === 'webhook')
    if (isPossible) return
    const message = `${fault.kind} cannot happen to ${operation}`
    context.addIssue({ code: 'custom', path: ['match', 'operation'], message })
  })

/** Kind of fault → what can be said of it, for a form. */
export const faultFields: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  faultRequest.shape.fault.options.map(({ shape: { kind, ...fields } }) => [kind.value, Object.keys(fields)]),
)

export type FaultRequest = z.infer<typeof faultRequest>
export type Operation = (typeof operations)[number]
export type OpenFault = FaultRequest & { id: string }

export function fits(match: Subject, subject: Subject): boolean {
  return (
    (match.paymentKey === undefined || match.paymentKey === subject.paymentKey) &&
    (match.orderId === undefined || match.orderId === subject.orderId)
  )
}

/** The faults that wait for their call, oldest first; each is used up after its `times`. They end with the process. */
export class Faults {
  #open: OpenFault[] = []

  add(request: FaultRequest): OpenFault {
    const fault = { ...request, id: newFaultId() }
    this.#open.push(fault)
    return fault
  }

  list(): readonly OpenFault[] {
    return this.#open
  }

  /** False when there is none, maybe because it has been used up. */
  remove(id: string): boolean {
    const index = this.#open.findIndex((fault) => fault.id === id)
    if (index !== -1) this.#open.splice(index, 1)
    return index !== -1
  }

  clear(): void {
    this.#open = []
  }

  takeForCall(operation: Operation, subject: Subject): CallFault | undefined {
    return this.#take(operation, subject, isCallFault)?.fault
  }

  takeDecline(operation: 'confirm' | 'charge', subject: Subject): string | undefined {
    return this.#take(operation, subject, isDecline)?.fault.code
  }

  takeForWebhook(subject: Subject) {
    return this.#take('webhook', subject, isWebhookFault)
  }

  #take<Kind extends Fault>(
    operation: Operation | 'webhook',
    subject: Subject,
    isOfKind: (fault: Fault) => fault is Kind,
  ): { match: Subject; fault: Kind } | undefined {
    for (const [index, open] of this.#open.entries()) {
      const { match, fault, times } = open
      if (!isOfKind(fault) || (match.operation ?? operation) !== operation || !fits(match, subject)) continue
      if (times > 1) this.#open[index] = { ...open, times: times - 1 }
      else this.#open.splice(index, 1)
      return { match, fault }
    }
    return undefined
  }
}

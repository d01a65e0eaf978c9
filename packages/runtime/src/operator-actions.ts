import { randomUUID } from 'node:crypto'
import type { Collection, Connection } from 'mongoose'
import type { Clock } from './clock.ts'

/** A viewer reads; an operator may do what a viewer may, and act. */
export type Role = 'viewer' | 'operator'

/** A person who is on call, as a token proved it. */
export type Operator = { readonly name: string; readonly role: Role }

const DAY_MS = 24 * 3_600_000
/** Acts are looked up when the books of a year are closed, reads when somebody asks who saw what last week. */
const KEEP_ACTS_MS = 400 * DAY_MS
const KEEP_READS_MS = 30 * DAY_MS
/** More than any request of an operator has; a longer one is cut, so that nobody fills the record with one call. */
const MAX_REQUEST_LENGTH = 4_000
const MAX_TEXT_LENGTH = 500

/** One call of an operator, as it is on record. Without `outcome` it is under way, or the process died in it. */
export type OperatorAction = {
  readonly _id: string
  readonly at: Date
  readonly operator: string
  readonly role: Operator['role']
  readonly method: string
  readonly kind: 'act' | 'read'
  /** What was asked, as JSON, without secrets. */
  readonly request: string
  readonly orderId?: string
  readonly reason?: string
  readonly requestId: string
  /** `OK`, or the code of the refusal. */
  readonly outcome?: string
  readonly detail?: string
  readonly endedAt?: Date
  readonly expireAt: Date
}

export type OperatorActions = ReturnType<typeof createOperatorActions>

/** Names of fields whose content is never recorded. */
const secret = /token|secret|account|authorization/i

const withoutSecrets = (request: unknown): string =>
  (
    JSON.stringify(request, (key, value: unknown) => {
      if (secret.test(key)) return '***'
      if (Buffer.isBuffer(value)) return `${value.length} bytes`
      return value
    }) ?? ''
  ).slice(0, MAX_REQUEST_LENGTH)

const textOf = (request: unknown, field: string): string | undefined => {
  const value: unknown =
    typeof request === 'object' && request !== null ? (request as Record<string, unknown>)[field] : undefined
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT_LENGTH) : undefined
}

/** An action as a timeline shows it. */
export const describeAction = ({ operator, method, reason, outcome }: OperatorAction): string =>
  `${operator}: ${method}${reason === undefined ? '' : `, because "${reason}"`} → ${outcome ?? 'its outcome is not on record'}`

/** The record of what operators did, in the database of the service that did it: collection `operatorActions`. */
export const createOperatorActions = (connection: Connection, clock: Pick<Clock, 'now'>) => {
  const collection: Collection<OperatorAction> = connection.collection<OperatorAction>('operatorActions')
  return {
    createIndexes: async (): Promise<void> => {
      await collection.createIndex({ expireAt: 1 }, { name: 'ttl', expireAfterSeconds: 0 })
      await collection.createIndex(
        { orderId: 1, at: 1 },
        { name: 'order', partialFilterExpression: { orderId: { $exists: true } } },
      )
      await collection.createIndex({ at: 1 }, { name: 'at' })
    },
    /** Records a call that is about to be made; resolves with the id of its record. */
    begin: async (call: {
      operator: Operator
      method: string
      isAct: boolean
      request: unknown
      requestId: string
    }): Promise<string> => {
      const at = clock.now()
      const orderId = textOf(call.request, 'orderId')
      const reason = textOf(call.request, 'reason')
      const action: OperatorAction = {
        _id: randomUUID(),
        at,
        operator: call.operator.name,
        role: call.operator.role,
        method: call.method,
        kind: call.isAct ? 'act' : 'read',
        request: withoutSecrets(call.request),
        ...(orderId === undefined ? {} : { orderId }),
        ...(reason === undefined ? {} : { reason }),
        requestId: call.requestId,
        expireAt: new Date(at.getTime() + (call.isAct ? KEEP_ACTS_MS : KEEP_READS_MS)),
      }
      await collection.insertOne(action)
      return action._id
    },
    /** What operators did to an order, the newest first; what they only read is left out. */
    actsOn: async (orderId: string, limit: number): Promise<OperatorAction[]> =>
      collection.find({ orderId, kind: 'act' }).sort({ at: -1 }).limit(limit).toArray(),
    end: async (id: string, outcome: string, detail?: string): Promise<void> => {
      await collection.updateOne(
        { _id: id },
        {
          $set: {
            outcome,
            endedAt: clock.now(),
            ...(detail === undefined ? {} : { detail: detail.slice(0, MAX_TEXT_LENGTH) }),
          },
        },
      )
    },
  }
}

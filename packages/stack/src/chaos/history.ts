import { appendFileSync } from 'node:fs'

export type OperationKind =
  | 'create'
  | 'confirm'
  | 'cancel'
  | 'read'
  | 'foreign read'
  | 'console cancel'
  | 'forged webhook'
  | 'malformed'

/**
 * What one client asked and what it was told. `ok`: it was done. `fail`: it was refused, and must have had no effect. `info`: it
 * was told nothing final, so both outcomes must be reckoned with.
 */
export interface Operation {
  readonly id: number
  readonly client: number
  readonly kind: OperationKind
  /** Milliseconds since the run began. */
  readonly invokedAt: number
  readonly endedAt: number
  readonly outcome: 'ok' | 'fail' | 'info'
  /** None when there was no answer. */
  readonly status?: number
  readonly code?: string
  /** The same for every time that one intent was sent: an idempotency key, or a paymentKey. */
  readonly intent: string
  readonly orderId?: string
  /** Of the order, of the payment, or of what was to be given back. */
  readonly amountKrw?: number
  readonly paymentId?: string
  readonly refundId?: string
  /** Of the payment or the order, as it was told. */
  readonly told?: string
}

/** The history of all clients, kept and written as JSON lines. */
export interface History {
  readonly operations: readonly Operation[]
  readonly add: (operation: Omit<Operation, 'id'>) => Operation
  /** Milliseconds since the run began. */
  readonly now: () => number
}

export function createHistory(file: string): History {
  const operations: Operation[] = []
  const startedAt = performance.now()
  return {
    operations,
    add: (given) => {
      const operation = { id: operations.length, ...given }
      operations.push(operation)
      appendFileSync(file, `${JSON.stringify(operation)}\n`)
      return operation
    },
    now: () => Math.round(performance.now() - startedAt),
  }
}

import { type Json, textOf } from './http.ts'
import { StepFailed } from './narrator.ts'

/** One call as Toss saw it; `status` is null when it was never answered. */
export interface TossCall {
  readonly operation: 'confirm' | 'cancel' | 'get' | 'getByOrder'
  readonly method: string
  readonly paymentKey?: string
  readonly idempotencyKey?: string
  readonly status: number | null
  readonly code?: string
}

/** What Toss knows of one order. */
export interface Books {
  readonly payments: readonly {
    readonly paymentKey: string
    readonly status: string
    readonly balanceAmount: number
    /** How often money was taken. */
    readonly approvals: number
  }[]
  readonly calls: readonly TossCall[]
  readonly webhooks: readonly {
    readonly url: string
    readonly eventType: string
    readonly status: string
    readonly delivered: boolean
    readonly attempts: readonly { readonly status: number | null }[]
  }[]
}

/** The simulated Toss: its books, and the levers that only a simulator has. */
export interface TossBooks {
  readonly of: (orderId: string) => Promise<Books>
  /** The buyer authenticates in the payment window; answers the paymentKey that the shop's page is given. */
  readonly openWindow: (payment: Json) => Promise<string>
  /** The next call or event that fits meets this fault. */
  readonly break: (fault: Json) => Promise<void>
}

export function createTossBooks(url: string): TossBooks {
  const control = async (path: string, body?: Json): Promise<unknown> => {
    const response = await fetch(`${url}/simulator/${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok) throw new StepFailed(`the simulator answers ${response.status}: ${await response.text()}`)
    return response.json()
  }
  return {
    // The simulator is part of this repository, and its README describes this answer.
    of: async (orderId) => (await control(`books?orderId=${orderId}`)) as Books,
    openWindow: async (payment) => textOf((await control('payments', payment)) as Json, 'paymentKey'),
    break: async (fault) => {
      await control('faults', fault)
    },
  }
}

import { randomUUID } from 'node:crypto'
import { simulatorKey } from '../environment.ts'
import type { Urls } from '../system.ts'
import type { TossBooks } from './book-records.ts'
import type {
  Answer,
  CanceledPayment,
  CancelOrder,
  ConfirmedPayment,
  ConfirmOrder,
  CreatedOrder,
  FaultOrder,
  Reply,
  ShownOrder,
  Window,
  WindowPayment,
} from './shop-bodies.ts'

/** Longer than any answer of the system may take, so that a test fails with a message instead of at its own limit. */
const timeoutMs = 30_000

export type Shop = ReturnType<typeof openShop>

/**
 * The clients of a running system in one place: the buyer's and the shop's requests to the API gateway, Toss's webhooks, and
 * what the simulator's control API plays. Nothing here judges an answer, but for the shortcuts `withWindow` and `paid`.
 */
export const openShop = (urls: Pick<Urls, 'gateway' | 'webhookGateway' | 'simulator'>) => {
  const { gateway, webhookGateway, simulator } = urls
  const withKey = (key: string | undefined): Record<string, string> =>
    key === undefined ? {} : { 'idempotency-key': key }

  const createOrder = (amount: number, given: { userId?: number | string; key?: string } = {}) => {
    const { userId, key } = given
    const body = userId === undefined ? { amount } : { amount, userId }
    return post<Answer<CreatedOrder>>(`${gateway}/api/orders`, body, withKey(key))
  }
  const openWindow = (window: Window) => post<WindowPayment>(`${simulator}/simulator/payments`, window)
  const confirm = ({ paymentKey, orderId, amount }: ConfirmOrder) =>
    post<Answer<ConfirmedPayment>>(`${gateway}/api/payments/confirm`, { paymentKey, orderId, amount })

  /** A new order whose buyer has just authenticated in the payment window: ready to be confirmed. */
  const withWindow = async (
    amount = 10_000,
    window: Partial<Omit<Window, 'orderId' | 'amount'>> = {},
  ): Promise<ConfirmOrder> => {
    const created = succeeded('create order', await createOrder(amount))
    const orderId = created.body.orderId ?? ''
    const opened = succeeded('open window', await openWindow({ ...window, orderId, amount }))
    return { orderId, amount, paymentKey: opened.body.paymentKey }
  }

  return {
    createOrder,
    /** An order of products, at today's prices. */
    orderProducts: (
      items: readonly { productId: number; quantity: number }[],
      given: { userId?: number | string; key?: string } = {},
    ) => {
      const { userId, key } = given
      return post<Answer<{ orderId: string; totalAmountKrw: number; currency: string }>>(
        `${gateway}/api/order-commands`,
        userId === undefined ? { items } : { items, userId },
        withKey(key),
      )
    },
    confirm,
    cancel: ({ reason = '단순 변심', ...order }: CancelOrder, key?: string) =>
      post<Answer<CanceledPayment>>(`${gateway}/api/payments/cancel`, { reason, ...order }, withKey(key)),
    fail: (failure: { orderId?: string; code: string; message: string }) =>
      post<Answer<{ orderId: string }>>(`${gateway}/api/payments/fail`, failure),
    order: (orderId: string, userId?: number | string) =>
      get<Answer<ShownOrder>>(`${gateway}/api/orders/${orderId}${userId === undefined ? '' : `?userId=${userId}`}`),
    products: () => get<readonly { id: number; listPriceKrw: number }[]>(`${gateway}/api/products`),

    withWindow,
    /** An order that was just paid with one window. */
    paid: async (
      amount = 10_000,
      window: Partial<Omit<Window, 'orderId' | 'amount'>> = {},
    ): Promise<ConfirmOrder & { paymentId: string }> => {
      const asked = await withWindow(amount, window)
      const { body } = succeeded('confirm', await confirm(asked))
      if (body.status !== 'PAID') throw new Error(`confirm: ${JSON.stringify(body)}`)
      return { ...asked, paymentId: body.paymentId ?? '' }
    },

    /** The buyer in the payment window. */
    openWindow,
    /** What happens to a payment outside our system: the buyer, the bank, the merchant's console, another webhook. */
    happen: (
      paymentKey: string,
      act: 'authenticate' | 'close' | 'fail' | 'deposit' | 'reverse' | 'cancel' | 'webhook',
      body: { code?: string; amount?: number; reason?: string; status?: string } = {},
    ) => post<WindowPayment>(`${simulator}/simulator/payments/${paymentKey}/${act}`, body),
    fault: (order: FaultOrder) => post<{ id: string }>(`${simulator}/simulator/faults`, order),
    faults: () => get<readonly (FaultOrder & { id: string })[]>(`${simulator}/simulator/faults`),
    clearFaults: () => request<object>(`${simulator}/simulator/faults`, { method: 'DELETE' }),
    /** A confirm that none of our services knows of: the window's own page did it, or another script of the merchant. */
    confirmAtToss: async (order: ConfirmOrder): Promise<void> => {
      const { paymentKey, orderId, amount } = order
      const authorization = `Basic ${Buffer.from(`${simulatorKey}:`).toString('base64')}`
      const url = `${simulator}/v1/payments/confirm`
      succeeded('confirm at Toss', await post(url, { paymentKey, orderId, amount }, { authorization }))
    },
    /** Moves the simulator's clock: sessions, due dates and webhooks' resends. Ours goes on as it does. */
    advanceClock: (advanceMs: number) => post<{ now: string }>(`${simulator}/simulator/clock`, { advanceMs }),
    /** What Toss knows, of one order or of all. */
    books: (orderId?: string) =>
      get<TossBooks>(`${simulator}/simulator/books${orderId === undefined ? '' : `?orderId=${orderId}`}`),

    /** Delivers a webhook as Toss would; a string goes out as it is, byte for byte. */
    deliver: (
      body: unknown,
      { headers = {}, path = '/api/webhooks/toss' }: { headers?: Record<string, string>; path?: string } = {},
    ) => post<Answer<{ received: boolean }>>(`${webhookGateway}${path}`, body, { ...transmission(), ...headers }),
  }
}

/** The headers of a first transmission, which Toss sends without a signature. */
const transmission = () => ({
  'tosspayments-webhook-transmission-time': new Date().toISOString(),
  'tosspayments-webhook-transmission-retried-count': '0',
  'tosspayments-webhook-transmission-id': randomUUID(),
})

const succeeded = <T>(what: string, reply: Reply<T>): Reply<T> => {
  if (reply.status !== 200) throw new Error(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`)
  return reply
}

const get = <T>(url: string): Promise<Reply<T>> => request<T>(url, {})

const post = <T>(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply<T>> =>
  request<T>(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

/** The type of a body is what the contract says; that the system keeps it is for the tests of the contract to say. */
const request = async <T>(url: string, init: RequestInit): Promise<Reply<T>> => {
  const send = () => fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'manual', ...init })
  // On a busy machine it may be us who are too slow to say what we want, which then nobody has read: once more.
  const first = await send()
  const response = first.status === 408 ? await send() : first
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const body: unknown = isJson ? JSON.parse(text) : text
  return { status: response.status, headers: Object.fromEntries(response.headers), body: body as T }
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One transaction as Toss lists it. */
export type ListedRow = {
  readonly transactionKey: string
  readonly paymentKey: string
  readonly orderId: string
  readonly status: string
  readonly transactionAt: string
  readonly amount: number
}

export type TossList = Awaited<ReturnType<typeof serveTossList>>

const SEOUL_MS = 9 * 3_600_000
export const seoul = (atMs: number): string => `${new Date(atMs + SEOUL_MS).toISOString().slice(0, 19)}+09:00`

/**
 * Toss's books as an HTTP server that makes each row when it is asked for, so that any number of them costs no memory here.
 * Rows are in the order of their time. `paymentOf` answers queries for one; undefined is a 404.
 */
export const serveTossList = async (
  count: number,
  rowAt: (index: number) => ListedRow | undefined,
  paymentOf: (paymentKey: string) => object | undefined,
) => {
  const indexOf = new Map<string, number>()
  const asked: string[] = []
  let failures = 0
  const page = (query: URLSearchParams): object[] => {
    const limit = Number(query.get('limit') ?? 100)
    const after = query.get('startingAfter')
    const rows: object[] = []
    let index = after === null ? 0 : (indexOf.get(after) ?? count) + 1
    for (; index < count && rows.length < limit; index += 1) {
      const row = rowAt(index)
      if (row === undefined) continue
      rows.push({
        mId: 'tosspayments',
        method: '카드',
        customerKey: null,
        useEscrow: false,
        receiptUrl: null,
        currency: 'KRW',
        ...row,
      })
      if (rows.length === limit) indexOf.set(row.transactionKey, index)
    }
    return rows
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://toss')
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    asked.push(url.pathname)
    if (url.pathname === '/v1/transactions') {
      if (failures > 0) {
        failures -= 1
        answer(500, { code: 'COMMON_ERROR', message: '' })
      } else answer(200, page(url.searchParams))
      return
    }
    const payment = paymentOf(url.pathname.split('/').at(-1) ?? '')
    if (payment === undefined) answer(404, { code: 'NOT_FOUND_PAYMENT', message: '' })
    else answer(200, payment)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** The next so many pages are refused. */
    failPages: (times: number) => {
      failures = times
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

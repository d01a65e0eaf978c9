import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@checkout/runtime/log'
import type { TossBooks } from '@checkout/stack/testing/book-records'
import { start } from '@checkout/toss-simulator/simulator'

const SECRET_KEY = `test_sk_${randomBytes(8).toString('hex')}`

/** What the buyer, the bank, Toss's console and the weather do, through the simulator's own doors. */
export type TossRoad = Awaited<ReturnType<typeof openTossRoad>>

/** Toss's simulator in this process. It sends no webhook by itself: when one arrives, and whether, is a command of its own. */
export const openTossRoad = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'payment-model-'))
  const config = {
    httpPort: 0,
    host: '127.0.0.1',
    webhookUrls: [],
    dataDir,
    tossSecretKey: SECRET_KEY,
    securityKeys: [],
    sandboxRateLimit: false,
    logLevel: 'silent',
  }
  const simulator = await start(config, createLogger('toss-simulator', 'silent'))
  const baseUrl = `http://127.0.0.1:${simulator.port}`
  const send = async <Body>(method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { isOk: response.status === 200, body: (await response.json()) as Body }
  }
  const authorization = `Basic ${Buffer.from(`${SECRET_KEY}:`).toString('base64')}`
  return {
    baseUrl,
    secretKey: SECRET_KEY,
    openWindow: async (window: object): Promise<string> =>
      (await send<{ paymentKey: string }>('POST', '/simulator/payments', window)).body.paymentKey,
    /** False where Toss does not allow it. */
    happen: async (paymentKey: string, act: 'cancel' | 'deposit' | 'reverse', body: object = {}): Promise<boolean> =>
      (await send('POST', `/simulator/payments/${paymentKey}/${act}`, body)).isOk,
    /** Confirmed by somebody who holds our key and is not us, and may meet a fault that was meant for us. */
    confirmElsewhere: async (order: { paymentKey: string; orderId: string; amount: number }): Promise<void> => {
      await send('POST', '/v1/payments/confirm', order, { authorization }).catch(() => undefined)
    },
    fault: async (order: object): Promise<void> => {
      const { isOk, body } = await send('POST', '/simulator/faults', order)
      if (!isOk) throw new Error(`no such fault: ${JSON.stringify(body)}`)
    },
    clearFaults: () => send('DELETE', '/simulator/faults'),
    advance: (advanceMs: number) => send('POST', '/simulator/clock', { advanceMs }),
    books: async (orderId: string): Promise<TossBooks> =>
      (await send<TossBooks>('GET', `/simulator/books?orderId=${orderId}`)).body,
    close: async (): Promise<void> => {
      await simulator.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

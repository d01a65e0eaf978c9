import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TossError } from './errors.ts'
import { type HttpCall, Routes } from './routes.ts'

let server: Server
let origin: string
let port: number
beforeAll(async () => {
  const routes = new Routes()
  const tell =
    (name: string) =>
    ({ res, params, query, body }: HttpCall): void => {
      res.end(JSON.stringify({ name, params, query, bytes: body?.length ?? null }))
    }
  routes.add('GET', '/payments/orders/:orderId', tell('by order'))
  routes.add('GET', '/payments/:paymentKey', tell('by key'))
  routes.add('POST', '/payments/:paymentKey/cancel', tell('cancel'))
  server = createServer((req, res) => {
    routes.handle(req, res).catch((error: unknown) => res.end(error instanceof TossError ? error.code : 'broken'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  port = address.port
  origin = `http://127.0.0.1:${port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const text = await (await fetch(origin + path, init)).text()
  return text.startsWith('{') ? JSON.parse(text) : text
}

describe('routes', () => {
  it('find the handler by method and path, with what stands in its place of a parameter decoded', async () => {
    expect(await ask('/payments/a%2Fb')).toMatchObject({ name: 'by key', params: { paymentKey: 'a/b' } })
    expect(await ask('/payments/a/cancel', { method: 'POST', body: '{}' })).toMatchObject({
      name: 'cancel',
      params: { paymentKey: 'a' },
      bytes: 2,
    })
  })

  it('take the first that fits', async () => {
    expect(await ask('/payments/orders/o-1')).toMatchObject({ name: 'by order', params: { orderId: 'o-1' } })
    expect(await ask('/payments/orders')).toMatchObject({ name: 'by key', params: { paymentKey: 'orders' } })
  })

  it.each(['/', '/payments', '/payments/', '/payments/a/b/c', '/PAYMENTS/a', '//payments/a'])(
    '%s belongs to nobody: NOT_FOUND',
    async (path) => expect(await ask(path)).toBe('NOT_FOUND'),
  )

  it('a method that the path does not have is NOT_FOUND too', async () => {
    expect(await ask('/payments/a', { method: 'DELETE' })).toBe('NOT_FOUND')
  })

  it('what cannot be decoded is INVALID_REQUEST', async () => {
    expect(await ask('/payments/%zz')).toBe('INVALID_REQUEST')
  })

  it('a query parameter that came twice is a list, so that no schema takes it for a text', async () => {
    expect(await ask('/payments/a?limit=1&limit=2&after=x')).toMatchObject({ query: { limit: ['1', '2'], after: 'x' } })
  })

  it('a body of 100 KiB is read, and one byte more is as if there was none', async () => {
    const sizes = [100 * 1024, 100 * 1024 + 1].map((length) => 'x'.repeat(length))
    const [whole, tooLong] = await Promise.all(sizes.map((body) => ask('/payments/a/cancel', { method: 'POST', body })))
    expect(whole).toMatchObject({ bytes: 100 * 1024 })
    expect(tooLong).toMatchObject({ bytes: null })
  })

  it('a client that goes in the middle of its body takes nothing with it', async () => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('POST /payments/a/cancel HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{')
    socket.destroy()
    await once(socket, 'close')
    expect(await ask('/payments/a')).toMatchObject({ name: 'by key' })
  })
})

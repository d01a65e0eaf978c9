import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  type EventStream,
  type EventStreamOptions,
  formatEvent,
  openEventStream,
  type StreamEnd,
} from './event-stream.ts'
import type { Reply } from './exchange.ts'

let server: Server
let client: Socket
let stream: EventStream
let response: Reply
let ended: Promise<StreamEnd>

/** A stream over a real connection, whose client has asked and reads what it likes. */
const open = async (given: Partial<EventStreamOptions> = {}): Promise<void> => {
  const asked = new Promise<void>((resolve) => {
    server.once('request', (_request, raw) => {
      response = raw as unknown as Reply
      ended = new Promise((onEnd) => {
        stream = openEventStream(response, {
          heartbeatMs: 60_000,
          maxDurationMs: 60_000,
          retryMs: 1234,
          onEnd,
          ...given,
        })
      })
      resolve()
    })
  })
  client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.pause()
  client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await asked
}

const readAll = async (): Promise<string> => {
  let text = ''
  client.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  client.resume()
  await once(client, 'close')
  return text
}

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  client.destroy()
  server.closeAllConnections()
  server.close()
})

describe('an event stream', () => {
  it('says when to come back, sends events with their ids, and ends with the last one', async () => {
    await open()
    stream.send(formatEvent('{"a":1}', { id: 3 }))
    stream.end('settled', formatEvent('settled', { event: 'end' }))
    const text = await readAll()
    expect(text).toContain('content-type: text/event-stream')
    for (const part of ['retry: 1234\n\n', 'id: 3\ndata: {"a":1}\n\n', 'event: end\ndata: settled\n\n'])
      expect(text).toContain(part)
    expect(await ended).toBe('settled')
  })

  it('has a heartbeat, and ends when its time is over', async () => {
    await open({ heartbeatMs: 5, maxDurationMs: 200 })
    expect(await readAll()).toContain(': still here\n\n')
    expect(await ended).toBe('time')
  })

  it('tells when its client has left', async () => {
    await open()
    client.destroy()
    expect(await ended).toBe('client')
  })

  // More than the kernel keeps for a connection on loopback.
  const large = formatEvent('x'.repeat(16 * 1024 * 1024), { id: 1 })

  it('cuts off a client that does not read, and keeps no more for it than one event beside the one under way', async () => {
    await open({ heartbeatMs: 50 })
    stream.send(large)
    const buffered = response.writableLength
    for (let id = 2; id < 1000; id += 1) stream.send(formatEvent('x'.repeat(1000), { id }))
    expect(response.writableLength).toBe(buffered)
    expect(await ended).toBe('slow')
    expect(response.destroyed).toBe(true)
  })

  it('gives a client that was behind the newest event alone', async () => {
    await open()
    stream.send(large)
    stream.send(formatEvent('old', { id: 2 }))
    stream.send(formatEvent('new', { id: 3 }))
    const text = readAll()
    await once(response, 'drain')
    stream.end('stopping')
    expect(await text).toContain('id: 3\ndata: new\n\n')
    expect(await text).not.toContain('id: 2')
  })
})

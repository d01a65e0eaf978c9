import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Link, openLink } from './link.ts'

let echo: Server
let link: Link

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  // The first target is nobody's.
  link = await openLink([1, (echo.address() as AddressInfo).port])
})

afterEach(async () => {
  await link.close()
  echo.close()
})

/** What comes back over a new connection; rejects when it is reset. */
const say = async (text: string): Promise<string> => {
  const socket = connect(link.port, '127.0.0.1')
  try {
    socket.write(text)
    const answer: readonly unknown[] = await once(socket, 'data')
    return String(answer[0])
  } finally {
    socket.destroy()
  }
}

describe('a link between two processes', () => {
  it('passes bytes both ways, to whichever target answers', async () => {
    expect(await say('hello')).toBe('hello')
    expect(await say('again')).toBe('again')
  })

  it('ends its connections and refuses new ones while it is cut, and is whole when healed', async () => {
    const socket = connect(link.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('hello')
    await once(socket, 'data')
    const closed = once(socket, 'close')
    link.cut()
    await closed
    await expect(say('hello')).rejects.toThrow()
    link.heal()
    expect(await say('hello')).toBe('hello')
  })

  it('is late by what it was told, in each direction', async () => {
    link.delay(60)
    const at = performance.now()
    expect(await say('hello')).toBe('hello')
    expect(performance.now() - at).toBeGreaterThan(110)
  })
})

import { AppError } from '@checkout/contracts/errors'
import { createLogger } from '@checkout/runtime/log'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { type IncomingMessage, InvalidMessage } from './bus.ts'
import { type Delivery, deliver } from './consume.ts'

const message: IncomingMessage = {
  topic: 'order.created',
  partition: 3,
  offset: '42',
  key: 'ORD-1',
  value: Buffer.from('{"not":"looked at here"}'),
  headers: {},
  raw: { key: Buffer.from('ORD-1'), headers: {} },
}

type Letter = { readonly message: IncomingMessage; readonly cause: string; readonly attempts: number }

/** A delivery that keeps account of what happened. `handle` is called with the number of the try. */
const delivery = (handle: (tries: number) => Promise<void> | void, changes: Partial<Delivery> = {}) => {
  const account = { tries: 0, heartbeats: 0, letters: new Array<Letter>(), log: '' }
  const write = (line: string) => {
    account.log += line
  }
  const parts: Delivery = {
    handle: async () => {
      account.tries += 1
      await handle(account.tries)
    },
    deadLetter: async (given, cause, attempts) => {
      account.letters.push({ message: given, cause, attempts })
    },
    heartbeat: async () => {
      account.heartbeats += 1
    },
    isWanted: () => true,
    log: createLogger('test', 'info', { write }),
    ...changes,
  }
  return { account, parts }
}

const away = () => new AppError('SERVICE_UNAVAILABLE', {}, { cause: new Error('connect ECONNREFUSED') })
const refused = () => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:27017'), { code: 'ECONNREFUSED' })

afterEach(() => {
  jest.restoreAllMocks()
})

describe('a message', () => {
  it('that is handled is handled once', async () => {
    const { account, parts } = delivery(() => undefined)
    expect(await deliver(message, parts)).toBe('handled')
    expect(account).toMatchObject({ tries: 1, letters: [], log: '' })
  })

  it('that can never succeed is a dead letter at once, with the reason', async () => {
    const { account, parts } = delivery(() => {
      throw new InvalidMessage('there is no order ORD-1')
    })
    expect(await deliver(message, parts)).toBe('dead-letter')
    expect(account.tries).toBe(1)
    expect(account.letters).toEqual([{ message, cause: 'InvalidMessage: there is no order ORD-1', attempts: 1 }])
    expect(account.log).toContain('moved to the dead letters')
  })

  it('is named in the log by its place, and by its key only when that is an id', async () => {
    const refuse = () => {
      throw new InvalidMessage('it is poison')
    }
    const known = delivery(refuse)
    await deliver(message, known.parts)
    expect(known.account.log).toContain('"offset":"42","key":"ORD-1"')
    const unknown = delivery(refuse)
    await deliver({ ...message, key: '73501928846' }, unknown.parts)
    expect(unknown.account.log).toContain('"offset":"42"')
    expect(unknown.account.log).not.toContain('73501928846')
  })

  it('whose handler throws otherwise gets five tries, with heartbeats between, then the same', async () => {
    const { account, parts } = delivery(() => {
      throw new TypeError('undefined is not a function')
    })
    expect(await deliver(message, parts)).toBe('dead-letter')
    expect(account.tries).toBe(5)
    expect(account.heartbeats).toBeGreaterThan(0)
    expect(account.letters).toEqual([{ message, cause: 'TypeError: undefined is not a function', attempts: 5 }])
  })

  it('whose handler meets a race that it does not meet again is handled', async () => {
    const { account, parts } = delivery((tries) => {
      if (tries < 3) throw new Error('lost a race')
    })
    expect(await deliver(message, parts)).toBe('handled')
    expect(account).toMatchObject({ tries: 3, letters: [] })
  })

  it.each([
    ['a service of ours', away],
    ['a server of ours', refused],
  ])('waits while %s is away, for longer than any number of tries, and is no dead letter', async (_who, error) => {
    // Without the waits between, which only take time.
    jest.spyOn(Math, 'random').mockReturnValue(0)
    const { account, parts } = delivery((tries) => {
      if (tries <= 50) throw error()
    })
    expect(await deliver(message, parts)).toBe('handled')
    expect(account).toMatchObject({ tries: 51, letters: [] })
    expect(account.log).toContain('our own infrastructure is away, the message waits')
  })

  it('waits with heartbeats', async () => {
    const { account, parts } = delivery((tries) => {
      if (account.heartbeats === 0 || tries === 1) throw away()
    })
    expect(await deliver(message, parts)).toBe('handled')
    expect(account.heartbeats).toBeGreaterThan(0)
  })

  it('does not lose a try of its own to an outage', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0)
    const { account, parts } = delivery((tries) => {
      throw tries % 2 === 0 ? away() : new Error('a bug')
    })
    expect(await deliver(message, parts)).toBe('dead-letter')
    expect(account.tries).toBe(9)
    expect(account.letters[0]?.attempts).toBe(5)
  })
})

describe('a message that nobody wants any more', () => {
  it('is abandoned before its handler is called', async () => {
    const { account, parts } = delivery(() => undefined, { isWanted: () => false })
    expect(await deliver(message, parts)).toBe('abandoned')
    expect(account.tries).toBe(0)
  })

  it.each([
    ['an outage', away],
    ['a bug', () => new Error('a bug')],
  ])('is abandoned in the middle of waiting out %s, without a dead letter', async (_what, error) => {
    const { account, parts } = delivery(
      () => {
        throw error()
      },
      { isWanted: () => account.tries < 2 },
    )
    expect(await deliver(message, parts)).toBe('abandoned')
    expect(account).toMatchObject({ tries: 2, letters: [] })
  })

  it('is abandoned while its dead letter cannot be written', async () => {
    let attempts = 0
    const { parts } = delivery(
      () => {
        throw new InvalidMessage('unreadable')
      },
      {
        deadLetter: () => {
          attempts += 1
          return Promise.reject(refused())
        },
        isWanted: () => attempts < 2,
      },
    )
    expect(await deliver(message, parts)).toBe('abandoned')
    expect(attempts).toBe(2)
  })
})

describe('a dead letter', () => {
  it('that Kafka does not take is written again, and the partition stays where it is', async () => {
    const outcomes = [refused(), new Error('KafkaJSNumberOfRetriesExceeded'), undefined]
    let attempts = 0
    const { account, parts } = delivery(
      () => {
        throw new InvalidMessage('unreadable')
      },
      {
        deadLetter: async () => {
          const error = outcomes[attempts]
          attempts += 1
          if (error !== undefined) throw error
        },
      },
    )
    expect(await deliver(message, parts)).toBe('dead-letter')
    expect(attempts).toBe(3)
    expect(account.tries).toBe(1)
    expect(account.log).toContain('the dead letter could not be published, the message waits')
  })
})

describe('a handler that never ends', () => {
  afterEach(() => {
    jest.useRealTimers()
  })

  it('is given up after 30 s of heartbeats, and its message is tried again without end', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0)
    jest.useFakeTimers({ doNotFake: ['performance', 'nextTick', 'queueMicrotask', 'setImmediate', 'Date'] })
    const { account, parts } = delivery((tries) =>
      tries <= 6 ? new Promise<void>(() => undefined) : Promise.resolve(),
    )
    const outcome = deliver(message, parts)
    await jest.advanceTimersByTimeAsync(29_999)
    expect(account).toMatchObject({ tries: 1, heartbeats: 9 })
    await jest.advanceTimersByTimeAsync(1)
    expect(account.tries).toBe(2)
    for (let hangs = 2; hangs <= 6; hangs += 1) await jest.advanceTimersByTimeAsync(30_000)
    expect(await outcome).toBe('handled')
    expect(account).toMatchObject({ tries: 7, letters: [] })
  })
})

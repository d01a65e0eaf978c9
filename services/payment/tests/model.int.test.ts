import { namespace } from '@checkout/stack/testing/namespace'
import { fc } from '@fast-check/jest'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  almostExpired,
  type Command,
  confirms,
  crash,
  forged,
  openWindow,
  order,
  passes,
  refunds,
  thaw,
  together,
  trouble,
} from './model/acts.ts'
import { walks } from './model/commands.ts'
import { playWalk } from './model/walk.ts'
import { World } from './model/world.ts'

/** `npm run model -- --seed S --runs N --path P --replay-path R` plays others, more, or the one that failed. */
const SEED = Number(process.env.MODEL_SEED ?? 20_261_129)
const RUNS = Number(process.env.MODEL_RUNS ?? 80)
/** A walk takes a third of a second where nothing else runs; where much does, as many are played as there is time for. */
const TIME_MS = Number(process.env.MODEL_SECONDS ?? 60) * 1_000
const PATH = process.env.MODEL_PATH
const REPLAY_PATH = process.env.MODEL_REPLAY_PATH
/** Where it is enough to know that a walk fails. */
const SHRINKS = process.env.MODEL_SHRINKS !== 'false'
/** The walk that is under way at the end of the time may take this long. */
const TIMEOUT_MS = TIME_MS + 300_000
const MAX_COMMANDS = 30

let world: World

beforeAll(async () => {
  world = await World.open(process.env.MONGO_URL ?? '', namespace())
}, 120_000)
afterAll(() => world.close(), 60_000)

describe('walks that each ask for one mistake', () => {
  const once: [string, Command[]][] = [
    ['a refund that was refused too early and is asked for anew', [together(0, undefined, undefined), passes(1_000)]],
    ['an answer that was lost', [trouble(0, 'confirm', 'drop-after', 1), confirms(0, 0), passes(3_000)]],
    ['a call that never arrived', [trouble(0, 'confirm', 'drop-before', 2), confirms(0, 0), passes(20_000)]],
    [
      'an order that expires while the answer to its confirm is lost',
      [almostExpired(0), trouble(0, 'confirm', 'drop-after', 1), confirms(0, 0), passes(20_000)],
    ],
    [
      'a declined card, and then another',
      [openWindow(0, true), confirms(0, 0), openWindow(0, false), confirms(0, 1), passes(1_000)],
    ],
    [
      'a window that was refused while another was tried, and that its buyer tries anew and leaves',
      [
        openWindow(0, true),
        together(0, undefined, undefined),
        confirms(0, 1, { asksAgain: false }),
        refunds(0, undefined, false),
      ],
    ],
    ['a forged webhook', [openWindow(0, false), forged(0, 'window'), passes(6_000)]],
    ['two refunds of more than there is, at once', [confirms(0, 0), together(0, 700, 700), passes(3_000)]],
    [
      'many refunds of odd amounts',
      // 113 hundredths are no number that a float can hold.
      [order(1_130, 'card', true), confirms(1, 0), refunds(1, 100, true), refunds(1, 300, true)],
    ],
    [
      'a process that was stopped in its confirm, and goes on long after',
      [crash('freezes', 6), confirms(0, 0), passes(20_000), confirms(0, 0), thaw(), passes(3_000)],
    ],
    ...Array.from({ length: 9 }, (_, i): [string, Command[]] => [
      `a buyer who leaves while the process dies at its ${i + 1}. call`,
      [crash('dies before', i + 1), confirms(0, 0, { asksAgain: false }), passes(20_000)],
    ]),
  ]
  it.each(once)('at rest all agree after %s', async (_, commands) => {
    await expect(playWalk(world, commands, 1)).resolves.toBeUndefined()
  })
})

describe('whatever buyers, shop, bank, Toss and crashes do, in any order', () => {
  it(
    'at rest Toss, the payments and everything that anybody was told agree',
    async () => {
      let played = 0
      let last = Promise.resolve()
      const property = fc.asyncProperty(walks(MAX_COMMANDS, REPLAY_PATH), fc.nat(), async (commands, jitter) => {
        last = playWalk(world, commands, jitter)
        await last
        played += 1
      })
      const where = { ...(PATH === undefined ? {} : { path: PATH }), endOnFailure: !SHRINKS || PATH !== undefined }
      try {
        await fc.assert(property, { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: TIME_MS, ...where })
      } finally {
        // Its time may have been over in the middle.
        await last.catch(() => undefined)
      }
      expect(played).toBeGreaterThan(0)
    },
    TIMEOUT_MS,
  )
})

import { fc } from '@fast-check/jest'
import * as acts from './acts.ts'
import type { Fate } from './process.ts'

const MINUTE_MS = 60_000

const index = fc.nat({ max: 5 })
/** Of what a refund asks: thousandths of the order, or all that is left. */
const share = fc.constantFrom(undefined, 100, 300, 500, 700, 1_000)
const passes = [1_000, 3_000, 3_000, 6_000, 20_000, 20_000, 2 * MINUTE_MS, 12 * MINUTE_MS, 33 * MINUTE_MS]

const confirms = fc
  .tuple(index, index, fc.boolean(), fc.boolean())
  .map(([i, j, isWrong, asksAgain]) => acts.confirms(i, j, { isWrong: isWrong && j === 5, asksAgain }))
const refunds = fc.tuple(index, share, fc.boolean()).map((args) => acts.refunds(...args))
const outside = fc
  .tuple(index, index, fc.constantFrom('cancel', 'cancel', 'deposit', 'deposit', 'reverse', 'elsewhere'), share)
  .map((args) => acts.outside(...args))
const troubles = fc
  .tuple(
    index,
    fc.constantFrom('confirm', 'confirm', 'cancel', 'get'),
    fc.constantFrom('drop-before', 'drop-after', 'error-before', 'error-after', 'garbage'),
    fc.integer({ min: 1, max: 3 }),
  )
  .map((args) => acts.trouble(...args))
const crashes = fc
  .tuple(fc.constantFrom<Fate>('dies before', 'dies after', 'dies after', 'freezes'), fc.integer({ min: 1, max: 9 }))
  .map((args) => acts.crash(...args))

/** Anything that can happen, in any order; what hurts most comes most often. `replayPath` is that of a walk that failed. */
export const walks = (maxCommands: number, replayPath?: string): fc.Arbitrary<Iterable<acts.Command>> =>
  fc.commands(
    [
      fc
        .tuple(fc.constantFrom(1_130, 10_000, 99_999), fc.constantFrom('card', 'card', 'account'), fc.boolean())
        .map((args) => acts.order(...args)),
      fc.tuple(index, fc.boolean()).map((args) => acts.openWindow(...args)),
      confirms,
      confirms,
      confirms,
      refunds,
      refunds,
      fc.tuple(index, index).map((args) => acts.askAgain(...args)),
      fc.tuple(index, share, share).map((args) => acts.together(...args)),
      outside,
      outside,
      fc.tuple(index, index, fc.integer({ min: 1, max: 2 })).map((args) => acts.webhook(...args)),
      fc
        .tuple(index, fc.constantFrom('window', 'other key', 'other order', 'no key'))
        .map((args) => acts.forged(...args)),
      fc.constant(acts.replay()),
      index.map((i) => acts.browserFails(i)),
      fc.constantFrom(...passes).map((ms) => acts.passes(ms)),
      fc.constantFrom(...passes).map((ms) => acts.passes(ms)),
      index.map((i) => acts.almostExpired(i)),
      troubles,
      troubles,
      crashes,
      crashes,
      fc.constant(acts.thaw()),
    ],
    { maxCommands, size: 'max', ...(replayPath === undefined ? {} : { replayPath }) },
  )

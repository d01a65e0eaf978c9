import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type CrashWorld, startCrashWorld } from '../src/crash/crash-world.ts'
import { planTrials, type Trial, titleOf } from '../src/crash/matrix.ts'
import { keyOf } from '../src/crash/points.ts'
import { tryCrash } from '../src/crash/trial.ts'
import { audited } from '../src/testing/audit.ts'

// A part of the matrix that `npm run crash` plays whole: where money and promises are in flight.
const planned = planTrials({ isOnce: true })
const trialsAt = (keys: readonly string[]): [string, Trial][] =>
  keys.map((key) => {
    const trial = planned.find(({ point }) => keyOf(point) === key)
    if (trial === undefined) throw new Error(`there is no crash point ${key}`)
    return [titleOf(trial), trial]
  })

/** Longer than everything that one trial may wait for. */
const TRIAL_TIMEOUT_MS = 300_000

let world: CrashWorld

beforeAll(async () => {
  world = await startCrashWorld(process.env)
}, 180_000)
afterAll(async () => {
  try {
    await audited(world.system)
  } finally {
    await world.stop()
  }
}, 180_000)

const outcomeOf = async ({ point, flow }: Trial) => {
  const { isHit, problem } = await tryCrash(world, point, flow)
  return { isHit, problem }
}
const asWithoutCrash = { isHit: true, problem: undefined }

describe('a service that dies while every webhook is lost', () => {
  beforeAll(() => world.shop.fault({ match: { operation: 'webhook' }, times: 1_000_000, fault: { kind: 'lose' } }))
  afterAll(() => world.shop.clearFaults())

  it.each(
    trialsAt([
      'api-gateway/request.before-answer',
      'payment/confirm.before-intent',
      'payment/confirm.after-intent',
      'payment/confirm.after-toss',
      'payment/confirm.after-save',
      'payment/outbox.before-send',
      'payment/cancel.after-reserve',
      'payment/cancel.before-toss',
      'payment/cancel.after-toss',
      'payment/cancel.after-save',
    ]),
  )(
    '%s: whoever asks again gets the outcome of no crash, money moves once under one key, and the books agree',
    async (_, trial) => {
      expect(await outcomeOf(trial)).toEqual(asWithoutCrash)
    },
    TRIAL_TIMEOUT_MS,
  )
})

describe('a process that dies', () => {
  it.each(
    trialsAt([
      'catalog/products.before-answer',
      'ops/replay.after-send',
      'order/create.after-insert',
      'order/outbox.after-send',
      'order/consumer.after-effect',
      'order/consumer.after-dead-letter',
      'payment/open.after-insert',
      'payment/consumer.after-effect',
      'payment/fail.after-save',
      'payment/settle.before-rest',
      'payment/sweep.after-find',
      'payment/void.after-toss',
      'payment/webhook-event.after-insert',
      'payment/look.after-toss',
      'webhook-gateway/webhook.after-lease',
      'webhook-gateway/webhook.after-publish',
    ]),
  )(
    '%s: nothing acknowledged is lost, nothing is done twice, and the books agree',
    async (_, trial) => {
      expect(await outcomeOf(trial)).toEqual(asWithoutCrash)
    },
    TRIAL_TIMEOUT_MS,
  )
})

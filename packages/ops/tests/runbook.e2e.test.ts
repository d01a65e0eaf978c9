import { readFileSync } from 'node:fs'
import { namespace } from '@checkout/stack/testing/namespace'
import type { OpsRun } from '@checkout/stack/testing/ops-program'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type OpsSystem, startOpsSystem } from './ops-system.ts'
import { commandLines } from './runbook-commands.ts'
import { type Hand, openSituations, type Situations } from './runbook-situations.ts'

jest.setTimeout(600_000)

const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
const names = ['ORDER', 'HASH', 'LETTER', 'FROM', 'TO', 'TIME']
/** The commands with the names in them as they stand on the page. */
const written = commandLines(page, Object.fromEntries(names.map((name) => [name, `$${name}`]))).map((args) =>
  args.join(' '),
)

/** A command of the page in the situation that the page has it for. */
type Play = {
  /** Brings the situation about; what it returns is what the operator has in hand there. */
  readonly before?: (situations: Situations) => Promise<Hand>
  readonly code: 0 | 1
  /** What the command is there for. */
  readonly after?: (situations: Situations, run: OpsRun, args: readonly string[]) => Promise<void>
}

/** What acts, by its first words; what is not here only reads, and may be run at any time. */
const plays: Readonly<Record<string, Play>> = {
  'payments settle $ORDER': {
    before: (at) => at.paidUnheard(),
    code: 0,
    after: (at) => at.orderIs('PAID'),
  },
  'payments resolve $ORDER --as not-paid': {
    before: (at) => at.undecided(),
    // One operator proposes, the second decides.
    code: 1,
    after: (at, _run, args) => at.secondOperator(args),
  },
  'webhooks list --rejected': { before: (at) => at.rejectedWebhook(), code: 1 },
  'webhooks retry $HASH': { code: 0, after: (at) => at.webhookIsApplied() },
  'reconcile --from $FROM --to $TO': { before: (at) => at.refundedUnheard(), code: 1 },
  'reconcile --from $FROM --to $TO --apply': { code: 0, after: (at) => at.orderIsPartlyRefunded() },
  'replay --group order --from beginning --into scratch': { before: (at) => at.spoiledOrder(), code: 1 },
  'replay --topic payment.status-changed --order $ORDER --apply': { code: 0, after: (at) => at.orderIs('PAID') },
  'replay --topic order.created --from-documents --apply': {
    before: (at) => at.lostTopic('order.created'),
    code: 0,
    after: (at) => at.topicIsBack('order.created'),
  },
  'replay --topic payment.status-changed --from-documents --apply': {
    before: (at) => at.lostTopic('payment.status-changed'),
    code: 0,
    after: (at) => at.topicIsBack('payment.status-changed'),
  },
  'dead-letters list': { before: (at) => at.letterOfNoOrder(), code: 1 },
  'dead-letters redrive --group order --cause no order': { before: (at) => at.orderIsRestored(), code: 0 },
  'dead-letters redrive --group order --cause no order --apply': { code: 0, after: (at) => at.orderIs('PAID') },
  'dead-letters redrive $LETTER --value repaired.json --apply': {
    before: (at) => at.undecodableLetter(),
    code: 0,
    after: (at) => at.noLetterIsLeft(),
  },
  'dead-letters redrive $LETTER --new-key $ORDER --apply': {
    before: (at) => at.letterUnderAnotherKey(),
    code: 0,
    after: (at) => at.noLetterIsLeft(),
  },
  'dead-letters discard $LETTER --apply': {
    before: (at) => at.letterOfNobody(),
    code: 0,
    after: (at) => at.noLetterIsLeft(),
  },
}
const playOf = (line: string): Play | undefined => plays[line.replace(/ --reason .*$/, '')]

describe('the runbook', () => {
  let on: OpsSystem
  let at: Situations
  beforeAll(async () => {
    on = await startOpsSystem({
      namespace: namespace(),
      env: {
        PAYMENT_ATTENTION_MS: '1',
        PAYMENT_CONFIRM_SESSION_MS: '1',
        PAYMENT_LOOK_SPACING_MS: '20',
        PAYMENT_SWEEP_MS: '500',
        PAYMENT_RECONCILE_FRESH_MS: '0',
        PAYMENT_TOSS_BREAKER_FAILURES: '1000',
        PAYMENT_WEBHOOK_LADDER_MS: '20,40',
      },
    })
    at = await openSituations(on)
  })
  afterAll(async () => {
    await at.close()
    await on.stop()
  })

  it('has a situation for each command that acts, and no situation without its command', () => {
    const acting = written.filter((line) => /--apply|^payments (settle|resolve)|^webhooks retry/.test(line))
    expect(acting.length).toBeGreaterThan(10)
    expect(acting.filter((line) => playOf(line) === undefined)).toEqual([])
    const lines = new Set(written.map((line) => line.replace(/ --reason .*$/, '')))
    expect(Object.keys(plays).filter((line) => !lines.has(line))).toEqual([])
  })

  it('is played from top to bottom as it is written, and each command does what it is there for', async () => {
    for (const [index, line] of written.entries()) {
      const play = playOf(line)
      if (play?.before !== undefined) at.take(await play.before(at))
      const args = (commandLines(page, at.hand())[index] ?? []).map((arg) => at.pathOf(arg))
      const run = await on.ops(args)
      // Of what only reads, 1 says that something is left to do, which there may be.
      const code = play?.code ?? (run.code === 1 ? 1 : 0)
      expect({ line, ...run }).toMatchObject({ line, code })
      await play?.after?.(at, run, args)
    }
  })
})

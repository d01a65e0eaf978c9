import { describe, expect, it } from '@jest/globals'
import type { ChaosResult } from '../chaos/report.ts'
import { render } from './document.ts'
import type { Report, Run } from './run-report.ts'

const run: Run = {
  command: 'npm run x',
  commit: 'abc1234',
  finishedAt: '2026-01-02T03:04:05.000Z',
  seconds: 60,
  versions: { node: '20' },
}
const counts = { ok: 3, fail: 1, info: 1 }
const report = (seed: number, change: Partial<ChaosResult['figures']> = {}): Report<ChaosResult> => ({
  run,
  seed,
  minutes: 0.5,
  clients: 3,
  nodes: 1,
  skipped: ['the moon'],
  problems: [],
  figures: {
    operations: { create: counts, confirm: counts },
    faults: { 'kill mongod': 2 },
    acknowledgedWrites: 6,
    repeats: 1,
    approvals: 3,
    doubleApprovals: 0,
    refunds: 2,
    overRefunds: 0,
    differenceKrw: 0,
    webhooks: { DELIVERED: 3 },
    webhooksSentAgain: 4,
    forgedWebhooks: counts,
    unknownPayments: 2,
    unknownSeconds: { count: 2, p50: 1, p99: 2, max: 2.5 },
    recoverySeconds: { 'kill mongod': { count: 2, p50: 1.5, p99: 3, max: 3 } },
    restSeconds: 7,
    orders: 3,
    messages: 9,
    intentsSentAgain: 4,
    reconciled: 1,
    lostWrites: 0,
    forgeryEffects: 0,
    ...change,
  },
})

describe('the document of guarantees', () => {
  it('adds up what the runs counted, and keeps what was worst', () => {
    const text = render({ chaos: [report(1), report(2, { restSeconds: 9, doubleApprovals: 1 })] }, 58)
    expect(text).toContain('| operations | 20 |')
    expect(text).toContain('| faults injected / kinds of them | 4 / 1 |')
    expect(text).toContain('| acknowledged writes checked / lost | 12 / 0 |')
    expect(text).toContain('| approvals at Toss / double | 6 / 1 |')
    expect(text).toContain('| forged webhooks / effects | 10 / 0 |')
    expect(text).toContain('| told by no webhook at all, found by reconciliation | 2 |')
    expect(text).toContain('| outcomes unknown for a while / resolved | 4 / 4 |')
    expect(text).toContain('| longest until rest after the last fault, seconds | 9.0 |')
    expect(text).toContain('| kill mongod | 4 | 1.5 | 3.0 |')
    expect(render({ chaos: [report(1, { recoverySeconds: {} })] }, 58)).toContain('| kill mongod | 2 | - | - |')
  })

  it('names each run with its commit and versions, and what was skipped', () => {
    const text = render({ chaos: [report(1)] }, 58)
    expect(text).toContain('| `npm run x` | 2026-01-02 03:04 | 60 | abc1234 | node 20 | 0 |')
    expect(text).toContain('- Skipped in a run: the moon.')
  })

  it('tells what grew in a long run, and how much of it is allowed', () => {
    const rows = [
      { what: 'payment, RSS in MB', early: 100, late: 110, limit: 140 },
      { what: 'mongod, RSS in MB', early: 200, late: 300 },
    ]
    const soak = { run, minutes: 30, rate: 7.25, purchases: 9_000, faulty: 450, failures: 0, rows, problems: [] }
    const text = render({ chaos: [], soak }, 58)
    expect(text).toContain('9000 purchases in 30 minutes, 7.3 a second')
    expect(text).toContain('| payment, RSS in MB | 100.0 | 110.0 | 140.0 |')
    expect(text).toContain('| mongod, RSS in MB | 200.0 | 300.0 | not judged |')
  })

  it('says how many crash points were hit, or that nobody has kept a report', () => {
    const crash = { run, points: 58, hit: 58, crashes: 200, spared: 3, isReachChecked: true, problems: [] }
    expect(render({ chaos: [], crash }, 58)).toContain('58 of 58, 200; 3 spared')
    expect(render({ chaos: [] }, 58)).toContain('no report is kept')
  })
})

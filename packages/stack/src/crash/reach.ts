import type { Feature, Flow } from './flow.ts'
import { type CrashPoint, keyOf } from './points.ts'

/** Whether a flow passes a point: always, or, for this reason, only if the timing has it so, or never. */
export type Reach = { readonly kind: 'always' } | { readonly kind: 'by chance' | 'never'; readonly reason: string }

/** What a flow must do to pass the points of a name, and why it does not pass them otherwise. First match counts. */
const rules: readonly {
  readonly points: RegExp
  readonly needs: readonly Feature[]
  readonly otherwise: string
  /** Features with which the point is passed only when the timing has it so, and when that is. */
  readonly chance?: { readonly with: readonly Feature[]; readonly when: string }
}[] = [
  { points: /^ops\/replay\.after-take/, needs: ['redrives'], otherwise: 'no dead letter is replayed' },
  { points: /^ops\/replay\./, needs: ['replays', 'redrives'], otherwise: 'no operator replays a message' },
  { points: /^ops\/discard\./, needs: ['discards'], otherwise: 'no operator discards a dead letter' },
  { points: /^ops\/rewrite\./, needs: ['rewrites'], otherwise: 'no operator writes a topic anew' },
  { points: /^catalog\//, needs: ['prices'], otherwise: 'the order is of an amount, no product is asked for' },
  { points: /\/create\./, needs: ['orders'], otherwise: 'no order is made' },
  {
    points: /^api-gateway\/request\./,
    needs: ['orders'],
    otherwise: 'nobody asks the API gateway',
  },
  {
    points: /^order\/(project\.|consumer\.)/,
    needs: ['confirms', 'browser fails', 'is swept'],
    otherwise: 'no payment changes',
  },
  { points: /^order\/outbox\./, needs: ['orders'], otherwise: 'no order is made' },
  {
    points: /^payment\/outbox\./,
    needs: ['confirms', 'browser fails', 'is swept'],
    otherwise: 'no payment changes',
  },
  { points: /\/open\./, needs: ['orders'], otherwise: 'no payment is opened' },
  { points: /^payment\/consumer\./, needs: ['orders', 'parks'], otherwise: 'nothing is consumed' },
  { points: /\/confirm\./, needs: ['confirms'], otherwise: 'nothing is confirmed' },
  { points: /\/cancel\./, needs: ['refunds'], otherwise: 'no refund is asked for' },
  { points: /\/void\./, needs: ['voids'], otherwise: 'Toss approves once at most' },
  { points: /\/fail\./, needs: ['browser fails'], otherwise: 'no window reports a failure' },
  { points: /\/settle\.after-refusal/, needs: ['is declined'], otherwise: 'Toss refuses nothing' },
  { points: /\/settle\./, needs: ['confirms', 'is swept'], otherwise: 'there is nothing to settle' },
  { points: /\/look\./, needs: ['is told by Toss'], otherwise: 'there is nothing to ask Toss about' },
  { points: /\/webhook-event\.after-park/, needs: ['parks'], otherwise: 'every webhook finds its order' },
  { points: /\/webhook-event\.after-insert/, needs: ['is told by Toss', 'parks'], otherwise: 'no webhook comes' },
  { points: /\/webhook-event\./, needs: ['is told by Toss'], otherwise: 'no webhook finds a payment' },
  { points: /^webhook-gateway\//, needs: ['is told by Toss', 'parks'], otherwise: 'no webhook comes' },
  {
    points: /\/sweep\./,
    needs: ['is swept'],
    otherwise: 'nothing becomes due',
    chance: { with: ['is told by Toss'], when: 'the sweep is faster than the job that was queued at once' },
  },
  {
    points: /\/job\./,
    needs: ['is swept', 'is told by Toss'],
    otherwise: 'nothing becomes due',
  },
]

export function reachOf(point: CrashPoint, flow: Flow): Reach {
  const key = keyOf(point)
  if (/\/consumer\..*dead-letter/.test(key)) return deadLetter(point, flow)
  if (flow.features.includes(`poisons ${point.process}` as Feature)) {
    if (key.endsWith('/consumer.before-effect') || key.endsWith('/consumer.after-resolve')) return { kind: 'always' }
  }
  const rule = rules.find(({ points }) => points.test(key))
  if (rule === undefined) throw new Error(`no rule says which flows pass ${key}`)
  const has = (features: readonly Feature[]) => features.some((feature) => flow.features.includes(feature))
  if (has(rule.needs)) return { kind: 'always' }
  return rule.chance !== undefined && has(rule.chance.with)
    ? { kind: 'by chance', reason: rule.chance.when }
    : { kind: 'never', reason: rule.otherwise }
}

const deadLetter = ({ process }: CrashPoint, { features }: Flow): Reach =>
  features.includes(`poisons ${process}` as Feature)
    ? { kind: 'always' }
    : { kind: 'never', reason: `every message can be read by the ${process} service` }

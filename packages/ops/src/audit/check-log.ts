import { aggregateOf, type Case, type LoggedFact, type Say } from './records.ts'

/** A payment's document keeps the newest of its history only. */
const HISTORY_KEPT = 200

/** I13 in MongoDB: each version of the history follows the one before it. */
export const historyViolations = ({ payments }: Case, say: Say): void => {
  for (const { _id, version, history } of payments) {
    const first = Math.max(1, version - HISTORY_KEPT + 1)
    const isWhole = history.length === version - first + 1
    if (isWhole && history.every((entry, index) => entry.version === first + index)) continue
    say(
      'I13',
      `payment ${_id} is at version ${version}, its history has ${history.length} up to ${history.at(-1)?.version}`,
    )
  }
}

/** I12, I13 and I14 in Kafka: every version is there, was first there in its order, and says one thing; no other version is. */
export const logViolations = ({ order, payments, facts }: Case, say: Say): void => {
  const ids = new Set(facts.map(({ id }) => id))
  const expected = [
    ...(order === undefined ? [] : [`${order._id}:1`]),
    ...payments.flatMap(({ _id, version }) => Array.from({ length: version }, (_, index) => `${_id}:${index + 1}`)),
  ]
  const missing = expected.filter((id) => !ids.has(id))
  if (missing.length > 0) {
    const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
    say('I12', `${missing[0]}${more} ${missing.length > 1 ? 'are' : 'is'} not in Kafka`)
  }
  const current = new Map<string, number>([
    ...(order === undefined ? [] : [[order._id, 1] as const]),
    ...payments.map(({ _id, version }) => [_id, version] as const),
  ])
  const latest = new Map<string, LoggedFact>()
  const seen = new Map<string, LoggedFact>()
  for (const fact of facts) {
    const aggregate = aggregateOf(fact.id)
    const version = current.get(aggregate)
    // Of what is about nothing that we have, I15 says whether its consumer refused it.
    if (version === undefined) continue
    const before = latest.get(aggregate)
    if (before !== undefined && before.partition !== fact.partition)
      say('I13', `${fact.id} is in partition ${fact.partition}, ${before.id} in ${before.partition}`)
    const first = seen.get(fact.id)
    if (first !== undefined && contentOf(first) !== contentOf(fact))
      say('I14', `${fact.id} is in Kafka as ${contentOf(first)} and as ${contentOf(fact)}`)
    if (first !== undefined) continue
    seen.set(fact.id, fact)
    // An event is written with its version and sent later, so Kafka is never ahead of a document that nobody set back.
    if (fact.version > version) say('I13', `${fact.id} is in Kafka, and here it is at version ${version}`)
    if (before !== undefined && fact.version < before.version) say('I13', `${fact.id} is in Kafka behind ${before.id}`)
    latest.set(aggregate, fact)
  }
}

/** What an event says, as far as anybody acts on it. */
const contentOf = ({ status, amountKrw, refundedKrw = 0 }: LoggedFact): string =>
  `${status ?? 'created'} of ${amountKrw} KRW, ${refundedKrw} refunded`

import { type Topic, topics } from '@checkout/contracts/events'
import { crashPoint } from '@checkout/runtime/crash-point'
import { isGroup } from '../connect.ts'
import { exitCodes, Failure } from '../exit-codes.ts'
import type { Tools } from '../tools.ts'
import { openReplayBus } from './send.ts'

/** A page goes through the outboxes of its documents, which the relay empties within moments. */
const PAGE = 200

/**
 * Writes a lost topic anew from the documents of the service that owns them: each one's newest event, under the id that it always
 * had. What is there already comes twice, which consumers bear.
 */
export const rewrite = async (
  { connect, print, progress }: Tools,
  { topic, apply }: { topic: Topic; apply: { reason: string } | undefined },
): Promise<void> => {
  const { producer, consumers } = topics[topic]
  if (!isGroup(producer))
    throw new Failure(
      exitCodes.usage,
      `${topic} has no documents: Toss sends its webhooks again for four days by itself`,
    )
  const client = connect.replay(producer)
  const total = Number((await client.CountDocuments({ topic }, connect.call())).count)
  if (apply === undefined) {
    print.document(
      { dryRun: true, topic, service: producer, events: total },
      `up to ${total} events would be written to ${topic} by the ${producer} service, one for each document`,
    )
    print.note('Nothing was changed. To do it: the same again with --apply --reason "…"')
    return
  }
  // A topic that was deleted is made again here: the services make theirs at their start only.
  await openReplayBus(connect, topic, consumers[0])
  const events = await progress(`writing ${topic}`, async (report) => {
    let [done, after, hasMore] = [0, '', true]
    while (hasMore) {
      const request = { topic, reason: apply.reason, after, limit: PAGE }
      const page = await client.RewriteTopic(request, connect.call())
      crashPoint('rewrite.after-page')
      done += page.count
      after = page.last
      hasMore = page.hasMore
      report(done, total)
    }
    return done
  })
  print.document(
    { topic, service: producer, events },
    `${events} events are on their way to ${topic} through the outboxes of the ${producer} service`,
  )
}

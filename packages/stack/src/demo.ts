import { buyAndRefund } from './demo/buy-and-refund.ts'
import { openEventLog } from './demo/event-log.ts'
import { createHttp } from './demo/http.ts'
import { createNarrator } from './demo/narrator.ts'
import { createStage } from './demo/stage.ts'
import { survive } from './demo/survive.ts'
import { createTossBooks } from './demo/toss-books.ts'
import { openWebhookRows } from './demo/webhook-rows.ts'
import { StackError } from './stack-error.ts'
import type { StackAddresses } from './state-file.ts'

/**
 * Plays the story of an order on a running stack and tells each step: what went over HTTP, which events it left in Kafka, what
 * Toss was asked. Resolves with the exit code, 1 when a step did not end as it should.
 */
export async function demo(
  { urls, servers, namespace }: StackAddresses,
  write: (line: string) => void = console.log,
): Promise<number> {
  if (urls.simulator === '') {
    throw new StackError(
      'the demo plays the buyer, the bank and an outage, and for that it needs the simulator; ' +
        'this stack uses the Toss of TOSS_BASE_URL. Start it without TOSS_BASE_URL and TOSS_SECRET_KEY.',
    )
  }
  const narrator = createNarrator(write)
  const books = createTossBooks(urls.simulator)
  const events = await openEventLog({ brokers: servers.KAFKA_BROKERS, namespace })
  const webhookRows = openWebhookRows({ url: servers.MONGO_URL, namespace })
  try {
    const stage = createStage({ http: createHttp(urls.gateway, narrator), books, events, webhookRows, narrator })
    await buyAndRefund(stage)
    await survive(stage)
    return narrator.end()
  } finally {
    await Promise.allSettled([events.close(), webhookRows.close()])
  }
}

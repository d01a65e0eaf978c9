import { AppError } from '@checkout/contracts/errors'
import { openKafkaLog } from '@checkout/messaging/log-reader'
import { createLogger } from '@checkout/runtime/log'
import { needed } from '../config.ts'
import { exitCodes, Failure } from '../exit-codes.ts'
import { readOrderEvents } from '../read-order-events.ts'
import { type Line, mergeTimeline, shownStatus } from '../timeline.ts'
import type { Register, Tools } from '../tools.ts'

/** Events are published moments after what they tell of, hours after it when Kafka was away. */
const PUBLISHED_WITHIN_MS = 3_600_000

const help = `
Kinds: request (what a client asked, and was told), order and state (each change and its cause), event (as it lies in
Kafka: topic partition/offset), toss (each call and its answer), webhook (and what became of it), job (each run of
settle), lease (a run that died), operator.
Kept for each order: the last 200 versions, 100 requests, 100 calls, 100 runs, 100 webhooks. Kafka is read from the
order's creation until an hour after the last thing that happened to it, in the partitions of its keys alone.

Examples:
  npm run ops -- timeline ORD-01JD7Z0K8QW3V5N2M4C6X8B0AF
  npm run ops -- timeline ORD-01JD7Z0K8QW3V5N2M4C6X8B0AF --at 2026-03-01T09:30:00+09:00`

/** Everything about one order in one list, and how it stood at any moment. */
export const timeline: Register = (program, tools) => {
  program
    .command('timeline')
    .argument('<order>', 'the order')
    .description('everything that happened to one order, oldest first')
    .option('--at <time>', 'only what happened until then, and how the order stood')
    .addHelpText('after', help)
    .action(async (orderId: string, { at: given }: { at?: string }) => {
      const at = given === undefined ? new Date() : readTime(given)
      const { lines, state } = mergeTimeline(await readSources(tools, orderId), at)
      const { print } = tools
      if (print.isJson()) {
        print.document({ orderId, state, lines }, '')
        return
      }
      print.table(lines, columns, { none: `nothing is known of ${orderId} until ${state.at}` })
      print.note(`\nAs of ${state.at}: ${shownStatus(state)}`)
      const { payment } = state
      if (payment !== undefined)
        print.note(
          `payment ${payment.status}, version ${payment.version}${payment.refundedKrw === undefined ? '' : `, ${payment.refundedKrw} KRW refunded`}${payment.failure === undefined ? '' : `, ${payment.failure}`}`,
        )
    })
}

const columns = [
  { title: 'TIME', of: (line: Line) => line.at },
  { title: 'KIND', of: (line: Line) => line.kind },
  { title: 'VERSION', of: (line: Line) => line.version },
  { title: 'STATUS', of: (line: Line) => line.status },
  {
    title: 'WHAT',
    of: (line: Line) => `${line.text}${line.requestId === undefined ? '' : `  [request ${line.requestId}]`}`,
  },
]

const readTime = (text: string): Date => {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) {
    throw new Failure(exitCodes.usage, `--at ${text} is no time; write it as 2026-03-01T09:30:00+09:00`)
  }
  return at
}

const readSources = async ({ connect, progress }: Tools, orderId: string) => {
  const [order, payment] = await Promise.all([
    connect.order().GetTimeline({ orderId }, connect.call()),
    connect
      .payment()
      .GetTimeline({ orderId }, connect.call())
      // order.created has not arrived there yet.
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'PAYMENT_NOT_FOUND') return { entries: [], paymentKeys: [] }
        throw error
      }),
  ])
  const times = [...order.entries, ...payment.entries].map(({ at }) => Date.parse(at))
  const between = { from: new Date(Math.min(...times)), to: new Date(Math.max(...times) + PUBLISHED_WITHIN_MS) }
  const { config } = connect
  const log = await openKafkaLog({
    brokers: needed(config, 'KAFKA_BROKERS'),
    namespace: config.NAMESPACE,
    log: createLogger('ops', 'silent'),
  })
  connect.onClose(() => log.close())
  let read = 0
  const events = await progress('reading Kafka', (report) =>
    readOrderEvents(
      log,
      (topic) => (topic === 'toss.webhook-received' ? [orderId, ...payment.paymentKeys] : [orderId]),
      between,
      () => report((read += 1)),
    ),
  )
  return { order: order.entries, payment: payment.entries, events }
}

import type { paymentAdminService, RpcClient } from '@checkout/contracts/rpc'
import { exitCodes, Failure } from '../exit-codes.ts'
import { fromNow, wholeNumber } from '../options.ts'
import type { Register, Tools } from '../tools.ts'

type Client = RpcClient<typeof paymentAdminService>
type Webhook = NonNullable<Awaited<ReturnType<Client['ListWebhooks']>>['webhooks']>[number]

const PAGE = 500

/** What Toss told us that led nowhere. */
export const webhooks: Register = (program, tools) => {
  const group = program.command('webhooks').description('what Toss told us that led nowhere')

  group
    .command('list')
    .description('webhooks without effect, oldest first; exit code 1 when there are some')
    .option('--parked', 'those whose order nobody here knows')
    .option('--rejected', 'those that claimed money which Toss does not show')
    .option('--limit <n>', 'at most so many', wholeNumber(1, 100_000), 50)
    .addHelpText(
      'after',
      '\nExamples:\n  npm run ops -- webhooks list --parked\n  npm run ops -- webhooks list --rejected',
    )
    .action((options: ListOptions) => list(tools, options))

  group
    .command('show <hash>')
    .description('one webhook: what it claimed, and what became of it; the first 8 characters of its hash are enough')
    .addHelpText('after', '\nExample:\n  npm run ops -- webhooks show 3f8a91c0')
    .action(async (bodyHash: string) => {
      show(tools, await tools.connect.payment().GetWebhook({ bodyHash }, tools.connect.call()))
    })

  group
    .command('retry <hash>')
    .description('judge a webhook anew: its payment asks Toss; safe at any time, for its text is never believed')
    .addHelpText('after', '\nExample:\n  npm run ops -- webhooks retry 3f8a91c0')
    .action(async (bodyHash: string) => {
      const { webhook } = await tools.connect.payment().RetryWebhook({ bodyHash }, tools.connect.call())
      if (webhook !== null) show(tools, webhook)
    })
}

type ListOptions = { parked?: true; rejected?: true; limit: number }

const list = async (
  { connect, print, progress, exit }: Tools,
  { parked, rejected, limit }: ListOptions,
): Promise<void> => {
  if ((parked === true) === (rejected === true)) throw new Failure(exitCodes.usage, 'say --parked or --rejected')
  const outcome = parked === true ? 'PARKED' : 'REJECTED'
  const found: Webhook[] = []
  const next = await progress('reading webhooks', async (report) => {
    let page: string | undefined
    do {
      const answer = await connect
        .payment()
        .ListWebhooks(
          { outcome, limit: Math.min(PAGE, limit - found.length), ...(page === undefined ? {} : { page }) },
          connect.call(),
        )
      found.push(...(answer.webhooks ?? []))
      page = answer.nextPage
      report(found.length)
    } while (page !== undefined && found.length < limit)
    return page
  })
  print.table(
    found,
    [
      { title: 'HASH', of: ({ bodyHash }) => bodyHash?.slice(0, 12) },
      { title: 'TYPE', of: ({ eventType }) => eventType },
      { title: 'ORDER', of: ({ orderId }) => orderId },
      { title: 'CLAIMS', of: ({ status }) => status },
      { title: 'STORED', of: ({ storedAt }) => fromNow(storedAt) },
      { title: 'LOOKS', of: ({ looks }) => looks },
      { title: 'NEXT LOOK', of: ({ nextLookAt }) => fromNow(nextLookAt) },
      { title: 'WHY', of: ({ reason }) => reason },
    ],
    { none: `no webhook is ${outcome.toLowerCase()}` },
  )
  if (next !== undefined) print.note(`there are more; --limit ${limit * 10} shows more of them`)
  if (found.length > 0) exit(exitCodes.open)
}

const show = ({ print }: Tools, webhook: Webhook): void => {
  if (print.isJson()) return print.document(webhook, '')
  const { bodyHash, eventType, orderId, paymentKey, paymentId, status, transactionKey } = webhook
  print.record({
    hash: bodyHash,
    type: eventType,
    order: orderId,
    paymentKey,
    payment: paymentId,
    claims: status,
    transactionKey,
    transmission: webhook.transmissionId,
    received: webhook.receivedAt,
    outcome: webhook.outcome ?? 'open',
    why: webhook.reason,
    'decided by': webhook.justifiedBy,
    looks: webhook.looks,
    'next look': fromNow(webhook.nextLookAt),
    attention: webhook.needsAttention === true ? 'nobody knows its order, and it is not looked at again by itself' : '',
  })
}

import type { paymentAdminService, RpcClient } from '@checkout/contracts/rpc'
import { exitCodes } from '../exit-codes.ts'
import { durationMs, fromNow, wholeNumber } from '../options.ts'
import type { Register, Tools } from '../tools.ts'

type Client = RpcClient<typeof paymentAdminService>
type Summary = NonNullable<Awaited<ReturnType<Client['ListPayments']>>['payments']>[number]

const PAGE = 500
const statuses = 'PENDING, CONFIRMING, WAITING_FOR_DEPOSIT, PAID, PARTIAL_REFUND, REFUNDED, CANCELED or FAILED'

/** Payments that need somebody, what Toss says of them, and decisions about them. */
export const payments: Register = (program, tools) => {
  const group = program.command('payments').description('payments that are stuck or wait for a person, and what to do')

  group
    .command('list')
    .description('payments, oldest first; exit code 1 when --stuck or --attention finds some')
    .option('--stuck', 'only those whose work is overdue by a minute or being tried again')
    .option('--attention', 'only those that a person has to look at')
    .option('--status <status>', statuses)
    .option('--older-than <duration>', 'only those opened longer ago than this, as 30m, 24h or 7d', durationMs)
    .option(
      '--limit <n>',
      'at most so many; of --stuck and --attention the 500 that wait longest',
      wholeNumber(1, 100_000),
      50,
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run ops -- payments list --attention
  npm run ops -- payments list --stuck --limit 10
  npm run ops -- payments list --status CONFIRMING --older-than 1h --json`,
    )
    .action((options: ListOptions) => list(tools, options))

  group
    .command('settle <order>')
    .description('ask Toss about this order now, and take in what it says; safe at any time')
    .addHelpText('after', '\nExample:\n  npm run ops -- payments settle ORD-01JZZZZZZZZZZZZZZZZZZZZZZZ')
    .action((orderId: string) => settle(tools, orderId))

  group
    .command('resolve <order>')
    .description("a person's decision where Toss's books cannot decide; what concerns money needs two operators")
    .requiredOption('--as <resolution>', 'clear, not-paid, paid-back or refund-failed')
    .requiredOption('--reason <text>', 'why, for whoever reads this in a year')
    .addHelpText(
      'after',
      `
  clear          all is as it should be; the flag goes, nothing else changes
  not-paid       nothing was paid, or all of it has gone back outside of us; the payment fails
  paid-back      money that Toss cannot give back was paid back by hand; the flag goes
  refund-failed  the oldest open refund will not happen; its amount is free again

None of them sends anything to Toss, and what Toss shows later still wins. Look first at "payments list --attention": it
names what may be decided. Where two have to agree, the first proposes and the second runs the same command within a day.

Example:
  npm run ops -- payments resolve ORD-01JZZZZZZZZZZZZZZZZZZZZZZZ --as not-paid --reason "given back in Toss's console, ticket 4711"`,
    )
    .action((orderId: string, options: { as: string; reason: string }) => resolve(tools, orderId, options))
}

type ListOptions = {
  stuck?: true
  attention?: true
  status?: string
  olderThan?: number
  limit: number
}

const list = async ({ connect, print, progress, exit }: Tools, options: ListOptions): Promise<void> => {
  const { stuck = false, attention = false, status, olderThan, limit } = options
  const before = olderThan === undefined ? undefined : new Date(Date.now() - olderThan).toISOString()
  const found: Summary[] = []
  const next = await progress('reading payments', async (report) => {
    let page: string | undefined
    do {
      const answer = await connect.payment().ListPayments(
        {
          stuck,
          attention,
          ...(status === undefined ? {} : { status }),
          ...(before === undefined ? {} : { openedBefore: before }),
          ...(page === undefined ? {} : { page }),
          limit: Math.min(PAGE, limit - found.length),
        },
        connect.call(),
      )
      found.push(...(answer.payments ?? []))
      page = answer.nextPage
      report(found.length)
    } while (page !== undefined && found.length < limit)
    return page
  })
  print.table(
    found,
    [
      { title: 'ORDER', of: ({ orderId }) => orderId },
      { title: 'STATUS', of: (row) => row.status },
      { title: 'KRW', of: ({ amountKrw }) => Number(amountKrw) },
      { title: 'REFUNDED', of: ({ refundedKrw }) => Number(refundedKrw) },
      { title: 'OPENED', of: ({ openedAt }) => fromNow(openedAt) },
      { title: 'NEXT TRY', of: ({ due }) => fromNow(due) },
      { title: 'TRIES', of: ({ tries }) => tries },
      { title: 'ATTENTION', of: (row) => row.attention?.reason ?? '' },
      { title: 'MAY BE DECIDED', of: ({ resolutions, proposal }) => decisions(resolutions, proposal) },
    ],
    { none: 'no such payments' },
  )
  const isCut = (stuck || attention) && found.length === Math.min(PAGE, limit)
  if (next !== undefined || isCut)
    print.note(isCut ? 'there may be more' : `there are more; --limit ${limit * 10} shows more of them`)
  if (found.length > 0 && (stuck || attention)) exit(exitCodes.open)
}

const decisions = (resolutions: Summary['resolutions'], proposal: Summary['proposal']): string => {
  const names = (resolutions ?? []).join(', ')
  if (proposal === null || proposal === undefined) return names
  return `${names}; ${proposal.operator} proposed ${proposal.resolution} (${proposal.reason}), which ends ${fromNow(proposal.expiresAt)}`
}

const settle = async ({ connect, print, progress, exit }: Tools, orderId: string): Promise<void> => {
  const answer = await progress('asking Toss', () => connect.payment().SettlePayment({ orderId }, connect.call()))
  const { payment, changes, isAsked } = answer
  if (print.isJson()) print.document(answer, '')
  else {
    print.record({ order: orderId, ...inWords(payment) })
    for (const change of changes ?? [])
      print.document(change, `  version ${change.version}  ${change.status}  ${change.cause}`)
    if (changes?.length === 0) print.note('nothing changed')
  }
  if (isAsked !== true)
    print.note('Toss was not asked yet: it is away, or another run holds the payment; it is asked again by itself')
  if (isAsked !== true || (payment?.attention ?? undefined) !== undefined) exit(exitCodes.open)
}

const resolve = async (
  { connect, print, exit }: Tools,
  orderId: string,
  { as: resolution, reason }: { as: string; reason: string },
): Promise<void> => {
  const answer = await connect.payment().ResolvePayment({ orderId, resolution, reason }, connect.call())
  const { isDone, operators, payment, note } = answer
  const proposal = payment?.proposal
  if (print.isJson()) print.document(answer, '')
  else if (isDone === true)
    print.record({ order: orderId, decided: resolution, by: operators?.join(' and '), ...inWords(payment) })
  else {
    print.record({ order: orderId, proposed: resolution, by: proposal?.operator, ends: fromNow(proposal?.expiresAt) })
    print.note('It concerns money: another operator has to run the same command before it is done.')
  }
  if (note !== undefined && note !== '') print.note(note)
  if (isDone !== true) exit(exitCodes.open)
}

const inWords = (payment: Summary | null | undefined) => ({
  status: payment?.status,
  version: payment?.version,
  amountKrw: payment?.amountKrw,
  refundedKrw: payment?.refundedKrw,
  reservedKrw: payment?.reservedKrw,
  'next try': fromNow(payment?.due),
  attention: payment?.attention?.reason,
  'may be decided': payment?.resolutions?.join(', '),
})

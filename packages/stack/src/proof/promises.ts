/** What is promised of a payment, what is done to it, and where the two meet. */
export interface Promised {
  readonly id: string
  readonly promise: string
  /** What is broken while it must hold. */
  readonly faults: string
  /** Who looks: parts of the chaos checker, or the suite that shows it where chaos does not. */
  readonly shownBy: string
}

const everything = 'every fault of the list below'
const booksAndAudit = 'chaos: both books, `npm run ops -- audit --deep`'

export const promises: readonly Promised[] = [
  {
    id: 'I1',
    promise: 'No payment is approved twice; of one order at most one approval keeps money',
    faults: everything,
    shownBy: booksAndAudit,
  },
  {
    id: 'I2, I3',
    promise: 'Money that Toss holds belongs to exactly one paid order, and every paid order has its money',
    faults: everything,
    shownBy: booksAndAudit,
  },
  {
    id: 'I4, I5',
    promise:
      'Never more is given back than was paid; each refund is one cancel at Toss and each cancel one refund, also those made in its console',
    faults: `${everything}, cancels in the console, also those of which every webhook is lost`,
    shownBy: `${booksAndAudit}, the reason of each cancel at Toss; reconciliation finds what no webhook told`,
  },
  {
    id: 'I6',
    promise: 'The lines, the order, the payment and Toss say the same amount',
    faults: everything,
    shownBy: booksAndAudit,
  },
  {
    id: 'I8',
    promise: 'What was answered with 200 is there afterwards, and the same request gets the same answer again',
    faults: everything,
    shownBy: "chaos: the clients' history; the newest 300 intents are sent once more at the end",
  },
  {
    id: 'I9',
    promise: 'What was refused had no effect at Toss',
    faults: everything,
    shownBy: "chaos: the clients' history against Toss's books",
  },
  {
    id: 'I10, I11',
    promise:
      'A webhook that was answered with 200 is on record and comes to an end; none is believed without asking Toss',
    faults: `${everything}, lost, doubled, late, reordered and forged webhooks`,
    shownBy: 'chaos: webhookEvents against what Toss delivered',
  },
  {
    id: 'I12, I13',
    promise: 'Every version of an order is in Kafka, in the order of versions',
    faults: everything,
    shownBy: 'chaos: audit of the whole log',
  },
  {
    id: 'I14, I15',
    promise: 'Orders are what the log makes them; every consumed message had its effect or is a dead letter',
    faults: `${everything}, consumers joining and leaving`,
    shownBy: 'chaos: audit of the whole log; `packages/ops/tests/replay.e2e.test.ts`',
  },
  {
    id: 'I16',
    promise: 'Payments move along drawn edges only, and never from PAID to FAILED',
    faults: everything,
    shownBy: 'chaos: the history of every payment',
  },
  {
    id: 'I17, I19',
    promise: 'When everything works again, nothing is undecided or unsent after a minute',
    faults: everything,
    shownBy: 'chaos: the wait for rest, which fails after 60 s',
  },
  {
    id: 'I18',
    promise: 'An order that somebody is paying does not expire, and one that nobody pays does',
    faults: 'lost answers, crashes',
    shownBy: 'audit; `services/payment/tests`',
  },
  {
    id: 'I20',
    promise: 'Redis may lose everything at any moment',
    faults: 'FLUSHALL, Redis killed, stopped, cut off',
    shownBy: booksAndAudit,
  },
  {
    id: 'I21',
    promise: "Nobody reads somebody else's order",
    faults: everything,
    shownBy: 'chaos: foreign reads; `packages/stack/tests/http-contract.e2e.test.ts`',
  },
  {
    id: 'I22',
    promise: 'No card number, phone, e-mail or key is in a log',
    faults: `${everything}, personal data in reasons`,
    shownBy: 'chaos: every log; other sinks: `packages/stack/tests/personal-data.e2e.test.ts`',
  },
  {
    id: 'I23',
    promise: 'Calls go to the configured Toss alone',
    faults: 'redirects',
    shownBy: '`services/payment/tests`; not by chaos',
  },
  {
    id: 'I24',
    promise: 'No request ends a process or gets an answer that is in no contract',
    faults: `${everything}, malformed requests`,
    shownBy: 'chaos: history, logs and ends of processes; `packages/stack/tests/generated-input.e2e.test.ts`',
  },
]

export const notCovered: readonly string[] = [
  'Power loss: processes are killed, the machine is not, so what the operating system was handed is always kept.',
  'Partitions between machines: everything runs on loopback, and links are cut between processes.',
  'The live Toss: the simulator says what it imitates, and what it does not, in its own README.',
  'Clocks that jump while a process runs: those of the replicas are minutes apart, and stay so. `packages/runtime/src/clock.test.ts` shows what a jump does.',
  'The seed of a run repeats what is broken and what clients want, not how the processes meet.',
]

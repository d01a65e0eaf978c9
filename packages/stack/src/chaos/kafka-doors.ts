import { freePort } from '../ports.ts'
import type { Door } from '../servers/server.ts'
import { type Link, openLink } from './link.ts'

/** Ways to Kafka that can be cut for one client alone. */
export interface KafkaDoors {
  /** What each broker must be started with. */
  readonly ofBroker: readonly (readonly Door[])[]
  /** `payment-1 → kafka` */
  readonly links: ReadonlyMap<string, Link>
  /** `KAFKA_BROKERS` of one client. */
  readonly brokersOf: (client: string) => string
  readonly close: () => Promise<void>
}

/**
 * A door at each broker for each client, with a link before it. A broker tells its clients where it is, and they go there from then
 * on, past any link; but what it tells depends on the door that they came through.
 */
export async function openKafkaDoors(clients: readonly string[], brokers: number): Promise<KafkaDoors> {
  const links = new Map<string, Link>()
  const addresses = new Map<string, string>()
  const ofBroker = Array.from({ length: brokers }, (): Door[] => [])
  for (const client of clients) {
    const own: string[] = []
    for (const [index, doors] of ofBroker.entries()) {
      const port = await freePort()
      const link = await openLink([port])
      doors.push({ port, advertisedPort: link.port })
      links.set(`${client} → ${brokers === 1 ? 'kafka' : `kafka-${index + 1}`}`, link)
      own.push(`127.0.0.1:${link.port}`)
    }
    addresses.set(client, own.join(','))
  }
  return {
    ofBroker,
    links,
    brokersOf: (client) => {
      const found = addresses.get(client)
      if (found === undefined) throw new Error(`there is no door for ${client}`)
      return found
    },
    close: async () => {
      for (const link of links.values()) await link.close()
    },
  }
}

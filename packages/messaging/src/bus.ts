/** A message to be sent. Messages of one key stay in order. */
export type OutgoingMessage = {
  readonly key: string | Buffer | null
  readonly value: string | Buffer | null
  readonly headers?: Headers
}

/** Kafka's headers are bytes, and one name may stand several times. */
export type Headers = Readonly<Record<string, string | Buffer | (string | Buffer)[]>>

/** A message as it arrived. `topic` is the name without the namespace. */
export type IncomingMessage = {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly key: string | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string>>
  /** Of what comes from Kafka key and headers to the byte, for whoever passes it on: as text they lose what is no UTF-8. */
  readonly raw?: { readonly key: Buffer | null; readonly headers: Headers }
}

export type Subscription = {
  /** The consumer group: each group sees every message, the members of one share them. */
  readonly group: string
  readonly topics: readonly string[]
  /**
   * Has the effect, durably and idempotently, before it resolves. It rejects with InvalidMessage for what can never succeed;
   * a failure of our own infrastructure is waited out, anything else gets five tries; then the message is a dead letter.
   */
  handle(message: IncomingMessage): Promise<void>
}

/**
 * At-least-once delivery: the only thing the services know of Kafka, so that another client can take kafkajs's place.
 */
export type Bus = {
  /** Resolves when all replicas in sync have the messages, in the order given; rejects when that is not certain. */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>
  /** Consumes until closed, from the beginning for a new group, across outages of the broker. */
  consume(subscription: Subscription): { close(): Promise<void> }
}

/** A message that can never succeed: it does not parse or breaks a rule. */
export class InvalidMessage extends Error {
  override readonly name = 'InvalidMessage'
}

import { type CloudEvent, describeMisfit, parseEvent, type Topic } from '@checkout/contracts/events'
import { type IncomingMessage, InvalidMessage } from './bus.ts'

/**
 * The event that a message carries.
 * @throws InvalidMessage when it can never be understood, or came under another key than what it is about: messages are in order
 * for one key only, so under another one news may overtake each other. The reason names fields and quotes nothing.
 */
export const readEvent = <T extends Topic>(topic: T, { key, value }: IncomingMessage): CloudEvent<T> => {
  const event = decode(topic, value)
  // Webhooks are about an order, a payment or nothing that they name; all else is about an order.
  const about = topic === 'toss.webhook-received' ? event.subject : event.data.orderId
  if (key !== about) throw new InvalidMessage('its key is not what it is about')
  return event
}

const decode = <T extends Topic>(topic: T, value: Buffer | null): CloudEvent<T> => {
  try {
    // Fatal: a replaced byte would silently be another text than the producer's.
    return parseEvent(topic, new TextDecoder('utf-8', { fatal: true }).decode(value ?? undefined))
  } catch (error) {
    throw new InvalidMessage(`it is no ${topic} event (${describeMisfit(error)})`)
  }
}

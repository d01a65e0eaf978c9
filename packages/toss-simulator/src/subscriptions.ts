import { otherEventTypes } from './other-events.ts'

/** An address that webhooks go to, and which. Toss: each event type is registered on its own. */
export type Subscription = Readonly<{ url: string; isFor: (eventType: string) => boolean }>

const eventTypes: readonly string[] = ['PAYMENT_STATUS_CHANGED', 'DEPOSIT_CALLBACK', ...otherEventTypes]

/** `http://shop/hook` takes all events, `http://shop/hook#DEPOSIT_CALLBACK+BILLING_DELETED` these two. */
export function subscriptionOf(address: string): Subscription {
  const [url = address] = address.split('#')
  const wanted = namesIn(new URL(address))
  return { url, isFor: (eventType) => wanted.length === 0 || wanted.includes(eventType) }
}

/** Whether the address asks for nothing but events that there are. */
export function isSubscription(address: string): boolean {
  return URL.canParse(address) && namesIn(new URL(address)).every((name) => eventTypes.includes(name))
}

const namesIn = ({ hash }: URL): string[] => (hash === '' ? [] : hash.slice(1).split('+'))

import { markFailed, SpanKind, startSpan, traceparent } from '@checkout/runtime/trace'
import type { OutgoingMessage } from './bus.ts'

/**
 * Publishes with a span for each message: the child of the cause that the message names, else of the active span. Whoever consumes the
 * message continues it.
 */
export const tracePublish = async (
  topic: string,
  messages: readonly OutgoingMessage[],
  publish: (messages: readonly OutgoingMessage[]) => Promise<void>,
): Promise<void> => {
  const spans = messages.map((message) =>
    startSpan(`publish ${topic}`, {
      kind: SpanKind.PRODUCER,
      attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': topic },
      traceparent: message.headers?.traceparent,
    }),
  )
  try {
    await publish(messages.map((message, i) => withCause(message, traceparent(spans[i]))))
  } catch (error) {
    for (const span of spans) markFailed(span, error)
    throw error
  } finally {
    for (const span of spans) span?.end()
  }
}

const withCause = (message: OutgoingMessage, cause: string | undefined): OutgoingMessage =>
  cause === undefined ? message : { ...message, headers: { ...message.headers, traceparent: cause } }

import type { IncomingMessage, OutgoingMessage } from './bus.ts'

/** `<topic>.<group>.dead-letter`: one per topic and group, because a message that one group cannot digest may be fine for another. */
export const deadLetterTopic = (topic: string, group: string): string => `${topic}.${group}.dead-letter`

const MAX_CAUSE_LENGTH = 500

/** The original message with where it came from and why it is here. */
export const toDeadLetter = (message: IncomingMessage, cause: string, attempts: number): OutgoingMessage => ({
  key: message.key,
  value: message.value,
  headers: {
    ...message.headers,
    'dead-letter-cause': cause.slice(0, MAX_CAUSE_LENGTH),
    'dead-letter-attempts': String(attempts),
    'dead-letter-topic': message.topic,
    'dead-letter-partition': String(message.partition),
    'dead-letter-offset': message.offset,
  },
})

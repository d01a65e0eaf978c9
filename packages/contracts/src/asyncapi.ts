import { z } from 'zod'
import { eventSchemas, isTopic, type Topic, topics } from './events.ts'

const version = '0.1.0'
const ref = (...path: readonly string[]) => ({ $ref: `#/${path.join('/')}` })

/** The AsyncAPI 3.0 document of all topics, made of the very schemas that parse their events. */
export const buildAsyncApi = () => {
  const names = Object.keys(topics).filter(isTopic)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Checkout events',
      version,
      description:
        'CloudEvents 1.0 in structured JSON on Kafka, delivered at least once and in order for each key. Fields that are not described here are to be ignored. NAMESPACE prefixes topics and consumer groups. What a group cannot digest is in <topic>.<group>.dead-letter, as it came.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(names.map((topic) => [topic, channel(topic)])),
    operations: Object.fromEntries(names.flatMap(operations)),
    components: { messages: Object.fromEntries(names.map((topic) => [`${topic}.v1`, message(topic)])) },
  }
}

const channel = (topic: Topic) => ({
  address: topic,
  description: topics[topic].summary,
  messages: { [`${topic}.v1`]: ref('components', 'messages', `${topic}.v1`) },
  bindings: {
    kafka: {
      topic,
      topicConfiguration: { 'retention.ms': topics[topic].retentionMs },
      bindingVersion: '0.5.0',
    },
  },
})

type Operation = Readonly<Record<string, unknown>> & { readonly action: 'send' | 'receive' }

const operations = (topic: Topic): readonly (readonly [string, Operation])[] => {
  const { producer, consumers } = topics[topic]
  const messages = [ref('channels', topic, 'messages', `${topic}.v1`)]
  const send: Operation = { action: 'send', channel: ref('channels', topic), tags: [{ name: producer }], messages }
  const receive = (consumer: string): Operation => ({
    action: 'receive',
    channel: ref('channels', topic),
    tags: [{ name: consumer }],
    bindings: { kafka: { groupId: { type: 'string', enum: [consumer] }, bindingVersion: '0.5.0' } },
    messages,
  })
  return [
    [`${producer}.sends.${topic}`, send],
    ...consumers.map((consumer) => [`${consumer}.receives.${topic}`, receive(consumer)] as const),
  ]
}

const message = (topic: Topic) => ({
  name: `${topic}.v1`,
  title: topic,
  summary: topics[topic].summary,
  contentType: 'application/cloudevents+json',
  bindings: {
    kafka: {
      key: { type: 'string', description: topics[topic].key.map((field) => `data.${field}`).join(', else ') },
      bindingVersion: '0.5.0',
    },
  },
  payload: payload(topic),
})

const payload = (topic: Topic) => {
  // As consumers read it ("input"): more fields than these are no fault.
  const schema = z.toJSONSchema(eventSchemas[topic], {
    target: 'draft-7',
    io: 'input',
    // Says nothing that the format does not say, in several hundred characters that change with zod.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
    },
  })
  const { $schema: _, ...rest } = schema
  return rest
}

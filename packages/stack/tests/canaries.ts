import { readTopics, type Sink } from './sinks.ts'
import type { Target } from './target.ts'

/** What must not be found again anywhere but where it belongs. */
export const canaries = {
  card: '4111111111111111',
  'card with spaces': '4111 1111 1111 1111',
  key: 'live_sk_canaryCANARY0123456789',
  phone: '010-1234-5678',
  'phone without dashes': '01012345678',
  email: 'canary.bird@example.com',
  account: '73501928846',
  holder: '카나리아',
  secret: 'ps_canarySecret77',
  bearer: 'Bearer canary-canary-canary',
  jwt: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5',
}
export const all = Object.values(canaries).join(' / ')
/** A text as it stands, and as it stands in an address or a form. */
export const formsOf = (text: string): readonly string[] => [
  ...new Set([text, encodeURI(text), encodeURIComponent(text), encodeURIComponent(text).replaceAll('%20', '+')]),
]

export const leaksIn = (sinks: readonly Sink[]): string[] =>
  sinks.flatMap(({ name, text }) =>
    Object.entries(canaries).flatMap(([what, canary]) =>
      formsOf(canary).flatMap((form) => {
        const at = text.indexOf(form)
        return at < 0 ? [] : [`${what} in ${name}: ${text.slice(Math.max(0, at - 150), at + 40)}`]
      }),
    ),
  )

export const topicSinks = async ({ kafka, system }: Pick<Target, 'kafka' | 'system'>): Promise<readonly Sink[]> =>
  (await readTopics(kafka, system.namespace)).map(({ topic, key, value, headers }) => ({
    name: `topic ${topic}`,
    text: [key, value, JSON.stringify(headers)].map(String).join(' '),
  }))

/** What a dead letter may show of itself at most; its bytes are in Kafka. */
const MAX_CHARACTERS = 20_000

/** A message for a person's eyes and, where it is JSON, for a machine's: parsed, else as text, else as bytes in hexadecimal. */
export const decoded = (
  value: Buffer | null,
): {
  readonly format: 'json' | 'text' | 'bytes' | 'empty'
  readonly text: string
  readonly json?: unknown
  readonly raw?: string
} => {
  if (value === null || value.length === 0) return { format: 'empty', text: '(empty)' }
  const text = asText(value)
  if (text === undefined) {
    const hex = value.toString('hex').slice(0, MAX_CHARACTERS)
    return { format: 'bytes', text: `(no UTF-8; in hexadecimal) ${hex}`, raw: hex }
  }
  try {
    const json: unknown = JSON.parse(text)
    return { format: 'json', text: JSON.stringify(json, undefined, 2).slice(0, MAX_CHARACTERS), json }
  } catch {
    const cut = text.slice(0, MAX_CHARACTERS)
    return { format: 'text', text: `(no JSON) ${plain(cut)}`, raw: cut }
  }
}

const asText = (value: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value)
  } catch {
    return undefined
  }
}

/** What strangers wrote must not move the cursor of an operator's terminal. */
const plain = (text: string): string => text.replace(/[^\P{Cc}\n]/gu, '·')

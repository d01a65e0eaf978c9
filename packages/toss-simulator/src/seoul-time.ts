const SEOUL_OFFSET_MS = 9 * 60 * 60 * 1000

/** The second that was written last: most of what happens in one second asks for it several times. */
let lastSecond = Number.NaN
let lastInstant = ''

/** The instants of Payment objects: Seoul's wall clock to the second, with its offset. */
export function seoulInstant(atMs: number): string {
  const second = Math.floor(atMs / 1000)
  if (second !== lastSecond) {
    lastInstant = `${new Date(second * 1000 + SEOUL_OFFSET_MS).toISOString().slice(0, 19)}+09:00`
    lastSecond = second
  }
  return lastInstant
}

/**
 * The `createdAt` of webhooks: Seoul's wall clock without an offset, with 5 or 6 fraction digits (Toss: a closing
 * zero is missing), which breaks parsers that expect one fixed format.
 */
export function seoulLocalTime(atMs: number, microseconds: number): string {
  const fraction = String(microseconds).padStart(3, '0')
  return `${new Date(atMs + SEOUL_OFFSET_MS).toISOString().slice(0, 23)}${fraction}`.replace(/0$/, '')
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Reads a date or a date with a time; without an offset it is Seoul's. A date alone means the whole day, hence two
 * ends. Undefined for what no calendar has.
 */
export function instantOfSeoul(text: string): { firstMs: number; lastMs: number } | undefined {
  const pattern = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?)?$/
  const [, day, time, fraction = '', offset = '+09:00'] = pattern.exec(text) ?? []
  if (day === undefined) return undefined
  const wallClock = `${day}T${time ?? '00:00:00'}`
  const wallClockMs = Date.parse(`${wallClock}Z`)
  // Date.parse makes the 2nd of March of a 30th of February.
  if (Number.isNaN(wallClockMs) || !new Date(wallClockMs).toISOString().startsWith(wallClock)) return undefined
  const firstMs = Date.parse(`${wallClock}${fraction.slice(0, 4)}${offset}`)
  if (Number.isNaN(firstMs)) return undefined
  return { firstMs, lastMs: time === undefined ? firstMs + DAY_MS - 1 : firstMs }
}

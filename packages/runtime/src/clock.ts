/** The present instant as data. Every duration and deadline of the protocols is measured on it. */
export type Clock = { now(): Date; close(): void }

/** Often enough that drift between two hosts' oscillators stays far below any lease. */
const RESYNC_MS = 30_000

/**
 * Estimates the database's clock: read at start and every 30 s, carried on by the monotonic clock between. A host whose own
 * clock is wrong or jumps therefore judges leases and deadlines as all others do.
 * @param readServerTime reads the server's present time, e.g. MongoDB's `hello.localTime`
 */
export const createClock = async (readServerTime: () => Promise<Date>): Promise<Clock> => {
  let baseMs = 0
  let markMs = 0
  const sync = async () => {
    const before = performance.now()
    const serverTime = await readServerTime()
    const after = performance.now()
    baseMs = serverTime.getTime()
    // The server read its clock somewhere between the request and the answer; the middle halves the error.
    markMs = (before + after) / 2
  }
  await sync()
  // A failed reading is no news: the monotonic clock carries on.
  const timer = setInterval(() => void sync().catch(() => undefined), RESYNC_MS).unref()
  return {
    now: () => new Date(baseMs + performance.now() - markMs),
    close: () => clearInterval(timer),
  }
}

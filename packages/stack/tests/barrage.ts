import fc from 'fast-check'

/** Cases in flight at a time: enough to keep two cores busy, and what a few impatient clients do. */
const LANES = 24
/** A few tell what is wrong as well as all. */
const MAX_SHOWN = 5

/** Fixed, so that a red run is red again; another one with BAD_INPUT_SEED. */
export const seed = Number(process.env.BAD_INPUT_SEED ?? 20_261_129)
/** In all; each door has its share. */
export const cases = Number(process.env.BAD_INPUT_CASES ?? 10_000)

/**
 * Throws so many generated cases at a door, several at a time, and waits for all of them.
 * @throws Error with the first cases that failed and the seed that makes them again
 */
export const barrage = async <T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  count: number,
  act: (value: T) => Promise<void>,
): Promise<void> => {
  const values = fc.sample(arbitrary, { numRuns: count, seed })
  const failures: string[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let value = values[next++]; value !== undefined; value = values[next++]) {
      try {
        await act(value)
      } catch (error) {
        failures.push(`${shown(value)}\n    ${String(error)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  if (failures.length === 0) return
  const some = failures.slice(0, MAX_SHOWN).map((failure) => `  ${failure}`)
  throw new Error(
    `${failures.length} of ${count} cases of ${name} (BAD_INPUT_SEED=${seed} BAD_INPUT_CASES=${cases}):\n${some.join('\n')}`,
  )
}

/** Bytes as text where they are, with what cannot be seen escaped. */
const shown = (value: unknown): string => {
  const text = Buffer.isBuffer(value)
    ? JSON.stringify(value.toString('latin1'))
    : JSON.stringify(value, (_, part: unknown) =>
        isBufferJson(part) ? Buffer.from(part.data).toString('base64') : part,
      )
  return text.slice(0, 500)
}

const isBufferJson = (part: unknown): part is { data: number[] } =>
  typeof part === 'object' && part !== null && 'type' in part && part.type === 'Buffer' && 'data' in part

/** Random choices that a seed repeats. */
export interface Random {
  /** From `low` to `high`, both included. */
  readonly int: (low: number, high: number) => number
  /** @throws Error when there is nothing to choose from */
  readonly pick: <T>(from: readonly T[]) => T
  /** True with this probability. */
  readonly chance: (probability: number) => boolean
  /** One of the keys, each as often as its weight says. */
  readonly weighted: <K extends string>(weights: Readonly<Record<K, number>>) => K
  /** A sequence of its own, so that one that asks more often does not change what the others get. */
  readonly fork: (name: string) => Random
}

/** splitmix32: small, quick, and good enough to choose what to break. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new Error('nothing to choose from')
    return from[int(0, from.length - 1)] as T
  }
  return {
    int,
    pick,
    chance: (probability) => next() < probability,
    weighted: <K extends string>(weights: Readonly<Record<K, number>>) => {
      const keys = Object.keys(weights) as K[]
      let left = next() * keys.reduce((sum, key) => sum + weights[key], 0)
      return (
        keys.find((key) => {
          left -= weights[key]
          return left < 0
        }) ?? pick(keys)
      )
    },
    fork: (name) => createRandom(name.split('').reduce((hash, letter) => mix(hash, letter), seed ^ 0x811c9dc5)),
  }
}

/** FNV-1a. */
const mix = (hash: number, letter: string): number => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619)

import { createHash, randomBytes } from 'node:crypto'
import type { Books } from './books.ts'
import type { Clock } from './clock.ts'

/** Toss: after a reissue the key before works seven more days. */
const OVERLAP_MS = 7 * 24 * 60 * 60 * 1000

/** The keys of the merchant: those that the simulator was started with, and their successors. */
export class IssuedKeys {
  readonly #books: Books
  readonly #clock: Clock
  readonly #secretKey: string
  readonly #securityKeys: readonly string[]

  constructor(parts: { books: Books; clock: Clock; secretKey: string; securityKeys: readonly string[] }) {
    this.#books = parts.books
    this.#clock = parts.clock
    this.#secretKey = parts.secretKey
    this.#securityKeys = parts.securityKeys
  }

  /** Whether the API lets this secret key in now. */
  opens(secretKey: string): boolean {
    const { issuedKeys } = this.#books
    if (issuedKeys.length === 0) return secretKey === this.#secretKey
    const issued = issuedKeys.flatMap((key) => (key.kind === 'secret' ? [key] : []))
    const first = hashOf(this.#secretKey)
    // Whoever starts again with a successor as the key of the environment has the same chain.
    const chain = issued.some(({ hash }) => hash === first) ? issued : [{ hash: first, atMs: 0 }, ...issued]
    const hash = hashOf(secretKey)
    const index = chain.findIndex((key) => key.hash === hash)
    if (index === -1) return false
    const successor = chain[index + 1]
    return successor === undefined || this.#overlaps(successor)
  }

  /** Of the same family and environment. */
  reissueSecretKey(): string {
    const [family = ''] = /^(test|live)_g?sk_/.exec(this.#secretKey) ?? []
    const secretKey = `${family}${randomBytes(20).toString('hex')}`
    this.#books.commit({ issuedKey: { kind: 'secret', hash: hashOf(secretKey), atMs: this.#clock.now() } })
    return secretKey
  }

  /** What signed events are signed with now, the newer first: two of them for seven days after a reissue. */
  securityKeys(): readonly string[] {
    const issued = this.#books.issuedKeys.flatMap((key) => (key.kind === 'security' ? [key] : []))
    const newest = issued.at(-1)
    if (!newest) return this.#securityKeys
    const before = issued.at(-2)?.securityKey ?? this.#securityKeys[0]
    return before !== undefined && this.#overlaps(newest) ? [newest.securityKey, before] : [newest.securityKey]
  }

  reissueSecurityKey(): string {
    const securityKey = randomBytes(32).toString('hex')
    this.#books.commit({ issuedKey: { kind: 'security', securityKey, atMs: this.#clock.now() } })
    return securityKey
  }

  #overlaps({ atMs }: { atMs: number }): boolean {
    return this.#clock.now() < atMs + OVERLAP_MS
  }
}

const hashOf = (secretKey: string): string => createHash('sha256').update(secretKey).digest('base64url')

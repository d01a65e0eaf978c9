/** What every tool of a dead process answers. Nobody waits for it: its clients have seen their connection break. */
export class Died extends Error {
  override readonly name = 'Died'
}

/**
 * - `dies before`, `dies after`: as by SIGKILL, around one call to MongoDB or Toss
 * - `freezes`: as by SIGSTOP; what it was about to do is done when it goes on, long after others have taken over
 */
export type Fate = 'dies before' | 'dies after' | 'freezes'

/**
 * A process as far as the outside can tell: it acts through its tools alone, so one whose tools do nothing any more is dead, and
 * one whose tools wait is stopped. Code that goes on behind a dead tool can change nothing.
 */
export class Mortal {
  #fate: Fate | undefined
  #callsLeft = 0
  #isDead = false
  readonly #inFlight = new Set<Promise<unknown>>()
  #frozen: { readonly until: Promise<void>; readonly goOn: () => void } | undefined
  readonly #ended: Promise<void>
  #end: () => void = () => undefined

  constructor() {
    this.#ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  /** It meets its fate at its n-th call from now. */
  arm(fate: Fate, calls: number): void {
    this.#fate = fate
    this.#callsLeft = calls
  }

  get isGone(): boolean {
    return this.#isDead || this.#frozen !== undefined
  }

  /** Resolves when it has died or was stopped, which its clients cannot tell apart. */
  get gone(): Promise<void> {
    return this.#ended
  }

  goOn(): void {
    this.#frozen?.goOn()
    this.#frozen = undefined
  }

  kill(): void {
    this.#isDead = true
    this.#end()
  }

  /** Resolves when what it has sent has ended, also after its death: a server goes on with what it was asked. */
  async quiet(): Promise<void> {
    await Promise.allSettled(this.#inFlight)
  }

  /** The tool in the hands of this process. */
  hold<Tool extends object>(tool: Tool): Tool {
    return new Proxy(tool, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver)
        if (typeof value !== 'function') return value
        return (...args: unknown[]): Promise<unknown> =>
          this.#call(() => Reflect.apply(value, target, args) as Promise<unknown>)
      },
    })
  }

  async #call(act: () => Promise<unknown>): Promise<unknown> {
    if (this.#isDead) throw new Died()
    const isFatal = this.#fate !== undefined && --this.#callsLeft === 0
    const fate = isFatal ? this.#fate : undefined
    if (isFatal) this.#fate = undefined
    if (fate === 'dies before') this.kill()
    if (fate === 'freezes') this.#freeze()
    await this.#frozen?.until
    if (this.#isDead) throw new Died()
    const sent = act()
    this.#inFlight.add(sent)
    const result = await sent.finally(() => this.#inFlight.delete(sent))
    if (fate === 'dies after') this.kill()
    // What came back while it was stopped or dying is not heard.
    await this.#frozen?.until
    if (this.#isDead) throw new Died()
    return result
  }

  #freeze(): void {
    let goOn: () => void = () => undefined
    const until = new Promise<void>((resolve) => {
      goOn = resolve
    })
    this.#frozen = { until, goOn }
    this.#end()
  }
}

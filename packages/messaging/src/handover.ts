import { setTimeout as sleep } from 'node:timers/promises'

/** A sign of life every so often, while the taker is busy with what it has. */
const STEP_MS = 3_000

/**
 * Hands batches from one who is called to one who calls, one at a time: `put` resolves when its batch was taken, so that nothing
 * piles up between the two.
 */
export const createHandover = <T>() => {
  let offered: { readonly item: T } | undefined
  let isEnded = false
  let failure: { readonly error: unknown } | undefined
  let wake = () => undefined as void
  const changed = (ms: number): Promise<unknown> => {
    const timer = new AbortController()
    const change = new Promise<void>((resolve) => {
      wake = resolve
    })
    return Promise.race([change, sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)]).finally(() =>
      timer.abort(),
    )
  }
  let taken = () => undefined as void
  return {
    /** Resolves when the item was taken or nobody takes any more; calls `onWait` every few seconds until then. */
    put: async (item: T, onWait: () => Promise<void>): Promise<void> => {
      if (isEnded) return
      offered = { item }
      const isTaken = new Promise<'taken'>((resolve) => {
        taken = () => resolve('taken')
      })
      wake()
      for (;;) {
        const timer = new AbortController()
        const step = sleep(STEP_MS, undefined, { signal: timer.signal }).catch(() => undefined)
        const outcome = await Promise.race([isTaken, step])
        timer.abort()
        if (outcome === 'taken' || isEnded) return
        await onWait()
      }
    },
    /** The next item, or what there is instead of one after `ms`. @throws what `fail` was given */
    take: async (ms: number): Promise<T | 'ended' | 'nothing yet'> => {
      if (offered === undefined && !isEnded && failure === undefined) await changed(ms)
      if (failure !== undefined) throw failure.error
      if (offered === undefined) return isEnded ? 'ended' : 'nothing yet'
      const { item } = offered
      offered = undefined
      taken()
      return item
    },
    /** Nothing more will come, or nobody takes any more. What was offered is still there to be taken. */
    end: (): void => {
      isEnded = true
      taken()
      wake()
    },
    fail: (error: unknown): void => {
      failure ??= { error }
      taken()
      wake()
    },
  }
}

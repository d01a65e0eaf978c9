import type { CrashWorld } from './crash-world.ts'

/** What a flow does to the system; which crash points it passes follows from it. */
export type Feature =
  | 'orders'
  | 'prices'
  | 'confirms'
  | 'is declined'
  | 'refunds'
  | 'voids'
  | 'browser fails'
  | 'is told by Toss'
  | 'parks'
  | 'poisons order'
  | 'poisons payment'
  | 'is swept'
  | 'replays'
  | 'redrives'
  | 'discards'
  | 'rewrites'

/** A story of one order, played as clients play it: whoever gets no final answer asks again. It ends when its outcome is there. */
export interface Flow {
  readonly name: string
  readonly features: readonly Feature[]
  readonly play: (world: CrashWorld) => Promise<void>
}

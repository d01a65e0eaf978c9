import type { mongo } from 'mongoose'

/** How MongoDB found what a command asked for. */
export interface QueryPlan {
  readonly collection: string
  /** For instance `IXSCAN { due: 1 }`, `IDHACK`, or `COLLSCAN`, which reads everything. */
  readonly plan: string
  /** Sorted in memory instead of read in order. */
  readonly isSorted: boolean
  readonly command: string
}

/** The plans of all reads and updates that `work` makes in this database, as MongoDB's profiler has recorded them. */
export async function plansOf(database: mongo.Db, work: () => Promise<unknown>): Promise<QueryPlan[]> {
  await database.command({ profile: 2 })
  try {
    await work()
  } finally {
    await database.command({ profile: 0 })
  }
  const recorded = await database
    .collection<Recorded>('system.profile')
    .find({ planSummary: { $exists: true }, ns: { $ne: `${database.databaseName}.system.profile` } })
    .toArray()
  return recorded.map(({ ns, planSummary, hasSortStage, command }) => ({
    collection: ns.slice(database.databaseName.length + 1),
    plan: planSummary,
    isSorted: hasSortStage === true,
    command: JSON.stringify(command),
  }))
}

interface Recorded {
  readonly ns: string
  readonly planSummary: string
  readonly hasSortStage?: boolean
  readonly command: unknown
}

/** Those that get slower with every document that is stored. */
export function scans(plans: readonly QueryPlan[]): QueryPlan[] {
  return plans.filter(({ plan, isSorted }) => plan.includes('COLLSCAN') || isSorted)
}

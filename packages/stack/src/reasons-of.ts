/** The messages of what was rejected, for a report to a person. */
export function reasonsOf(results: readonly PromiseSettledResult<unknown>[]): string[] {
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return []
    const reason: unknown = result.reason
    return [reason instanceof Error ? reason.message : String(reason)]
  })
}

/**
 * What is wrong with the settings of a topic: one that keeps messages for less time than promised, or elects a leader that lacks
 * some, loses what was acknowledged. `config` holds the topic's settings by name.
 */
export const topicProblems = (
  config: ReadonlyMap<string, string>,
  wanted: { readonly retentionMs: number; readonly minInSync: number },
): string[] => {
  const problems: string[] = []
  const retention = Number(config.get('retention.ms'))
  if (retention !== -1 && (wanted.retentionMs === -1 || retention < wanted.retentionMs))
    problems.push(`retention.ms is ${retention}, not ${wanted.retentionMs}`)
  if (config.get('unclean.leader.election.enable') === 'true') problems.push('unclean.leader.election.enable is true')
  if (Number(config.get('min.insync.replicas')) < wanted.minInSync)
    problems.push(`min.insync.replicas is below ${wanted.minInSync}`)
  if (config.get('cleanup.policy') !== 'delete') problems.push('cleanup.policy is not delete')
  return problems
}

/**
 * With three brokers or more, every message is on three and acknowledged by two; one broker can only promise its own disk. One that
 * is told of and away just now counts: a topic that is made without it would stay weaker for ever.
 * @param alive brokers of the cluster that answer
 * @param told addresses of brokers that the service was given
 */
export const replicasFor = ({
  alive,
  told,
}: {
  alive: number
  told: number
}): { replicationFactor: number; minInSync: number } => {
  const replicationFactor = Math.min(3, Math.max(alive, told))
  return { replicationFactor, minInSync: Math.max(1, replicationFactor - 1) }
}

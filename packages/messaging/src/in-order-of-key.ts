/**
 * Handles the messages of different keys side by side and those of one key one after the other, in their order. Those without a key
 * stand for themselves. After one of a key was left ('abandoned'), the later ones of that key are left too, so that none overtakes
 * it. Returns the outcomes in the order of the messages.
 */
export const inOrderOfKey = async <Message, Outcome extends string>(
  messages: readonly Message[],
  keyOf: (message: Message) => string | null,
  handle: (message: Message) => Promise<Outcome | 'abandoned'>,
): Promise<(Outcome | 'abandoned')[]> => {
  const outcomes: (Outcome | 'abandoned')[] = messages.map(() => 'abandoned')
  const lanes = new Map<string | symbol, number[]>()
  for (const [i, message] of messages.entries()) {
    const key = keyOf(message) ?? Symbol('no key')
    const lane = lanes.get(key)
    if (lane === undefined) lanes.set(key, [i])
    else lane.push(i)
  }
  const run = async (lane: readonly number[]): Promise<void> => {
    for (const i of lane) {
      const outcome = await handle(messages[i] as Message)
      if (outcome === 'abandoned') return
      outcomes[i] = outcome
    }
  }
  await Promise.all([...lanes.values()].map(run))
  return outcomes
}

export const chunksOf = <Message>(messages: readonly Message[], size: number): Message[][] => {
  const chunks: Message[][] = []
  for (let from = 0; from < messages.length; from += size) chunks.push(messages.slice(from, from + size))
  return chunks
}

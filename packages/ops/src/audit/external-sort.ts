import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A few tens of MiB at a time, whatever is sorted. */
const ITEMS_IN_MEMORY = 50_000
const LINES_AT_ONCE = 1_000

type Keyed<T> = { readonly key: string; readonly item: T }

export type Sorter<T> = {
  add(item: T): Promise<void>
  /** All that was added, by key; what has one key comes in the order in which it was added. Once. */
  sorted(): AsyncGenerator<Keyed<T>>
  /** Removes the temporary files. */
  close(): Promise<void>
}

/**
 * Sorts more than fits into memory: pieces are sorted and written to files in a temporary directory, then read side by side.
 * @param keyOf compared by code units, as MongoDB compares ASCII
 */
export const createSorter = <T>(keyOf: (item: T) => string, itemsInMemory = ITEMS_IN_MEMORY): Sorter<T> => {
  let directory: string | undefined
  const files: string[] = []
  let piece: Keyed<T>[] = []

  const spill = async () => {
    directory ??= await mkdtemp(join(tmpdir(), 'ops-audit-'))
    const path = join(directory, String(files.length))
    // Nobody else may read what orders were paid with.
    const file = await open(path, 'wx', 0o600)
    try {
      const inOrder = byKey(piece)
      for (let at = 0; at < inOrder.length; at += LINES_AT_ONCE) {
        const lines = inOrder.slice(at, at + LINES_AT_ONCE).map((keyed) => JSON.stringify(keyed))
        await file.writeFile(`${lines.join('\n')}\n`)
      }
    } finally {
      await file.close()
    }
    files.push(path)
    piece = []
  }

  return {
    add: async (item) => {
      piece.push({ key: keyOf(item), item })
      if (piece.length >= itemsInMemory) await spill()
    },
    sorted: () => merge<T>([...files.map((path) => read<T>(path)), memory(byKey(piece))]),
    close: async () => {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true })
    },
  }
}

const byKey = <T>(items: Keyed<T>[]): Keyed<T>[] => items.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))

async function* memory<T>(items: readonly Keyed<T>[]): AsyncGenerator<Keyed<T>> {
  yield* items
}

async function* read<T>(path: string): AsyncGenerator<Keyed<T>> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    yield JSON.parse(line) as Keyed<T>
  }
}

/** Earlier sources first where keys are equal, which keeps the order of adding. */
async function* merge<T>(sources: readonly AsyncGenerator<Keyed<T>>[]): AsyncGenerator<Keyed<T>> {
  const heads: { source: AsyncGenerator<Keyed<T>>; head: Keyed<T> }[] = []
  try {
    for (const source of sources) {
      const first = await source.next()
      if (first.done !== true) heads.push({ source, head: first.value })
    }
    while (heads.length > 0) {
      let least = 0
      for (let index = 1; index < heads.length; index += 1) {
        if ((heads[index]?.head.key ?? '') < (heads[least]?.head.key ?? '')) least = index
      }
      const taken = heads[least]
      if (taken === undefined) return
      yield taken.head
      const next = await taken.source.next()
      if (next.done === true) heads.splice(least, 1)
      else taken.head = next.value
    }
  } finally {
    for (const { source } of heads) await source.return(undefined)
  }
}

/** Reads a stream that is sorted by key one key at a time, never backwards. */
export const groupReader = <T>(stream: AsyncIterator<Keyed<T>>) => {
  let head: Keyed<T> | undefined
  let isStarted = false
  const advance = async () => {
    const next = await stream.next()
    head = next.done === true ? undefined : next.value
    isStarted = true
  }
  return {
    /** The key that comes next; undefined at the end. */
    peek: async (): Promise<string | undefined> => {
      if (!isStarted) await advance()
      return head?.key
    },
    /** All items of this key, if it is the next. */
    take: async (key: string): Promise<T[]> => {
      if (!isStarted) await advance()
      const items: T[] = []
      while (head?.key === key) {
        items.push(head.item)
        await advance()
      }
      return items
    },
  }
}

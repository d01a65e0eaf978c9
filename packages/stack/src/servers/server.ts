import type { Unit } from '../fleet.ts'

export type ServerName = 'mongod' | 'kafka' | 'redis'
export type ServerVariable = 'MONGO_URL' | 'KAFKA_BROKERS' | 'REDIS_URL'

/** `mongod`, or of several nodes `mongod-1`. */
export type ServerNode = ServerName | `${ServerName}-${number}`

/** One more way to a broker: it listens on `port`, and tells whoever comes this way that it is found at `advertisedPort`. */
export interface Door {
  readonly port: number
  readonly advertisedPort: number
}

/** Where one process of a server lives. */
export interface Place {
  readonly name: ServerNode
  readonly port: number
  readonly dataDir: string
  readonly log: string
  /** Of Kafka alone. */
  readonly doors?: readonly Door[]
}

/** Everything the stack knows about one of the three backing servers. */
export interface Server {
  readonly name: ServerName
  /** The variable that tells the services where it is; set by the user, it means that nothing is to be started. */
  readonly variable: ServerVariable
  /** The variable that fixes its port. */
  readonly portVariable: string
  /** How to get it onto a machine, for the message when it is missing. */
  readonly advice: string
  /** Of a single node, or of all. */
  address(ports: readonly number[]): string
  /** Whether it can run as a cluster of three; otherwise there is one of it in any case. */
  readonly isClustered: boolean
  /** Looks on this machine; undefined when it is not installed. */
  find(report: (line: string) => void): Promise<string | undefined>
  /** Fetches it into the cache, or takes it from there. */
  fetch(report: (line: string) => void): Promise<string>
  /** The processes, given what `find` or `fetch` returned. Creates files below `place.dataDir`. */
  units(program: string, places: readonly Place[]): Promise<readonly Unit[]>
}

/** What a server's process needs of our environment. */
export function serverEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env
  return { PATH, HOME, LANG }
}

/** The processes of the system, named as their folders. */
export const processNames = ['api-gateway', 'catalog', 'order', 'payment', 'webhook-gateway', 'toss-simulator'] as const
export type ProcessName = (typeof processNames)[number]

interface Topology {
  readonly folder: string
  /** Where `npm start` puts it; tests use free ports. */
  readonly httpPort: number
  readonly grpcPort?: number
  /** The variable by which the other services are told its gRPC address. */
  readonly addressVariable?: string
  /** The path that answers 200 once it can do its work. */
  readonly readyPath: string
  /** What its process gets told besides, unless the user says otherwise. */
  readonly env?: Readonly<Record<string, string>>
}

export const topology: Readonly<Record<ProcessName, Topology>> = {
  'api-gateway': { folder: 'services/api-gateway', httpPort: 3000, readyPath: '/readyz' },
  'webhook-gateway': { folder: 'services/webhook-gateway', httpPort: 3001, readyPath: '/readyz' },
  'toss-simulator': { folder: 'packages/toss-simulator', httpPort: 3002, readyPath: '/healthz' },
  catalog: {
    folder: 'services/catalog',
    httpPort: 4101,
    grpcPort: 4001,
    addressVariable: 'CATALOG_ADDR',
    readyPath: '/readyz',
  },
  order: {
    folder: 'services/order',
    httpPort: 4102,
    grpcPort: 4002,
    addressVariable: 'ORDER_ADDR',
    readyPath: '/readyz',
  },
  payment: {
    folder: 'services/payment',
    httpPort: 4103,
    grpcPort: 4003,
    addressVariable: 'PAYMENT_ADDR',
    readyPath: '/readyz',
    // Keeps it below 150 MB under load, for 6 % more of its CPU (docs/performance.md). docker-compose.yml says the same.
    env: { NODE_OPTIONS: '--max-semi-space-size=4', MALLOC_ARENA_MAX: '2' },
  },
}

/** Services that bring a seed program. */
export const seededBy: readonly ProcessName[] = ['catalog', 'order']

/** `api-gateway` → `API_GATEWAY_`: variables that begin with it are for that process alone. */
export function prefixOf(name: ProcessName): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_`
}

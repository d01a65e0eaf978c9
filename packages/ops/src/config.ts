import { ConfigError, readEnv } from '@checkout/runtime/env'
import { z } from 'zod'
import { exitCodes, Failure } from './exit-codes.ts'

const schema = z.object({
  OPERATOR_TOKEN: z.string().optional(),
  PAYMENT_ADDR: z.string().default('127.0.0.1:4003'),
  ORDER_ADDR: z.string().default('127.0.0.1:4002'),
  CATALOG_ADDR: z.string().default('127.0.0.1:4001'),
  /** Only doctor looks at the gateways, and only whether they are ready. */
  API_GATEWAY_URL: z.url().default('http://127.0.0.1:3000'),
  WEBHOOK_GATEWAY_URL: z.url().default('http://127.0.0.1:3001'),
  KAFKA_BROKERS: z.string().optional(),
  /** Only for the commands that say that they read the databases: audit and rebuild. */
  MONGO_URL: z.string().optional(),
  NAMESPACE: z.string().default(''),
  GRPC_TLS_CA: z.string().optional(),
  GRPC_TLS_CERT: z.string().optional(),
  GRPC_TLS_KEY: z.string().optional(),
})

export type OpsConfig = Readonly<z.infer<typeof schema>>

/** @throws Failure naming every variable that is wrong */
export const readOpsConfig = (env: NodeJS.ProcessEnv): OpsConfig => {
  try {
    return readEnv(schema, env)
  } catch (error) {
    if (error instanceof ConfigError) throw new Failure(exitCodes.usage, error.message)
    throw error
  }
}

/** The value of a variable that this command cannot do without. @throws Failure saying which one is missing */
export const needed = <K extends keyof OpsConfig>(config: OpsConfig, variable: K): NonNullable<OpsConfig[K]> => {
  const value = config[variable]
  if (value !== undefined) return value
  const exitCode = variable === 'OPERATOR_TOKEN' ? exitCodes.notAllowed : exitCodes.usage
  const how =
    variable === 'OPERATOR_TOKEN'
      ? 'set it to your own token, as whoever runs the services gave it to you'
      : 'set it to the one that the services have'
  throw new Failure(
    exitCode,
    `${variable} is not set: ${how}. On a machine where "npm start" runs it is found by itself.`,
  )
}

import { commonEnv, grpcEnv, readEnv } from '@checkout/runtime/env'
import { operatorsEnv } from '@checkout/runtime/operators'
import { z } from 'zod'

const schema = z.object({
  ...commonEnv.shape,
  ...grpcEnv.shape,
  ...operatorsEnv.shape,
  HTTP_PORT: commonEnv.shape.HTTP_PORT.default(4101),
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(4001),
  MONGO_URL: z.string().min(1),
})

export type Config = Readonly<z.infer<typeof schema>>

export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnv(schema, env)

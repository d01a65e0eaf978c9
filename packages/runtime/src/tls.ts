import { readFileSync } from 'node:fs'
import { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js'
import { ConfigError } from './env.ts'

/** Paths of the files for TLS between services; both sides show a certificate. All three or none. */
export type TlsFiles = {
  readonly GRPC_TLS_CA?: string | undefined
  readonly GRPC_TLS_CERT?: string | undefined
  readonly GRPC_TLS_KEY?: string | undefined
}

const read = (files: TlsFiles): { ca: Buffer; cert: Buffer; key: Buffer } | undefined => {
  const { GRPC_TLS_CA: ca, GRPC_TLS_CERT: cert, GRPC_TLS_KEY: key } = files
  if (ca === undefined && cert === undefined && key === undefined) return undefined
  if (ca === undefined || cert === undefined || key === undefined) {
    throw new ConfigError('GRPC_TLS_CA, GRPC_TLS_CERT and GRPC_TLS_KEY belong together: give all three or none')
  }
  return { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) }
}

export const serverCredentials = (files: TlsFiles): ServerCredentials => {
  const tls = read(files)
  if (tls === undefined) return ServerCredentials.createInsecure()
  return ServerCredentials.createSsl(tls.ca, [{ cert_chain: tls.cert, private_key: tls.key }], true)
}

export const channelCredentials = (files: TlsFiles): ChannelCredentials => {
  const tls = read(files)
  if (tls === undefined) return ChannelCredentials.createInsecure()
  return ChannelCredentials.createSsl(tls.ca, tls.key, tls.cert)
}

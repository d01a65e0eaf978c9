import { createServer, type RequestListener, type Server } from 'node:http'

/** Against clients that send slowly or keep connections for nothing: they get a bare 408, others their places. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  // Node looks for connections over these limits only this often.
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
  // Longer than load balancers and clients keep idle connections, so that none sends a request on one that is being closed.
  keepAliveTimeout: 75_000,
}
/** Far more than are answered at a time; beyond it a new connection is closed at once instead of filling our memory. */
const MAX_CONNECTIONS = 5_000

/** An HTTP server whose clients may take neither all the time nor all the room there is. */
export const createLimitedServer = (listener: RequestListener): Server => {
  const server = createServer(limits, listener)
  server.maxConnections = MAX_CONNECTIONS
  return server
}

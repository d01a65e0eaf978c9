import type { IncomingMessage } from 'node:http'
import { TossError } from './errors.ts'
import { headerOf } from './routes.ts'

/**
 * The control API has no key, and a browser on this machine reaches it: without this, any site that the developer
 * visits could write to it. Browsers send `Origin` with every write; programs send none.
 */
export function onlySameOrigin(req: IncomingMessage): void {
  const origin = headerOf(req, 'origin')
  if (origin !== undefined && origin !== `http://${headerOf(req, 'host') ?? ''}`)
    throw new TossError('FORBIDDEN_REQUEST')
}
